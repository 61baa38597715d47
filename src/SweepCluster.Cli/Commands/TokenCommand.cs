using System.CommandLine;
using System.Text;
using SweepCluster.Graphs;
using SweepCluster.Server.Access.Tokens;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep token</c>: makes a token that signs in to a server.</summary>
internal sealed class TokenCommand : SweepCommand
{
    private readonly Option<string> _name = new("--name") { Description = "Whose it is; the audit log and the pages show it.", Required = true };
    private readonly Option<string> _scope = new("--scope") { Description = "What it may do: read, submit (sweeps in and change them) or admin (remove them).", Required = true };
    private readonly Option<string?> _expires = new("--expires") { Description = "From when it no longer holds, as 2027-01-31. Default: never." };
    private readonly Option<string?> _addTo = new("--add-to") { Description = "File of tokens that gets the line; made where it is absent. Then the secret alone is printed." };

    internal TokenCommand()
        : base("token", "Makes a token for a server: prints its secret, once, and the line for the server's --tokens file.")
    {
        Options.Add(_name);
        Options.Add(_scope);
        Options.Add(_expires);
        Options.Add(_addTo);
    }

    private protected override async Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken)
    {
        NewToken token = NewToken.Make(input.GetValue(_name)!, input.GetValue(_scope)!, input.GetValue(_expires), TimeProvider.System.GetUtcNow());
        TextWriter output = input.InvocationConfiguration.Output, error = input.InvocationConfiguration.Error;
        if (input.GetValue(_addTo) is not { } file)
        {
            await output.WriteLineAsync(token.Secret);
            await output.WriteLineAsync(token.Line);
            await error.WriteLineAsync("First line: the secret, for its holder alone (SWEEP_TOKEN); it is shown this once. Second line: for the server's --tokens file.");
            return ExitCodes.Success;
        }

        await AddAsync(file, input.GetValue(_name)!, token.Line, cancellationToken);
        await output.WriteLineAsync(token.Secret);
        await error.WriteLineAsync($"The secret, for its holder alone (SWEEP_TOKEN); it is shown this once. Its line is in {file}.");
        return ExitCodes.Success;
    }

    private static async Task AddAsync(string file, string name, string line, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync(file, name, line, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"--add-to {file}: {error.Message}", error);
        }
    }

    private static async Task AppendAsync(string file, string name, string line, CancellationToken cancellationToken)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using FileStream stream = new(file, options);
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        string content = await reader.ReadToEndAsync(cancellationToken);
        if (content.Split('\n', ';').Any(other => other.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var first, ..] && first == name))
        {
            throw new BadInputException($"--name: found '{name}', which {file} has already, expected another name, or that its line is removed first.");
        }

        stream.Seek(0, SeekOrigin.End);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{(content.Length == 0 || content.EndsWith('\n') ? "" : "\n")}{line}\n"), cancellationToken);
    }
}
