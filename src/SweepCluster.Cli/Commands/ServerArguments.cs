using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Graphs;
using SweepCluster.Server.Clients;

namespace SweepCluster.Cli.Commands;

/// <summary>Which server a command talks to, and how it signs in there. A secret is never an argument: arguments can be read by everybody on the machine.</summary>
internal sealed class ServerArguments
{
    internal const string Variable = "SWEEP_SERVER", TokenVariable = "SWEEP_TOKEN";
    private const int MostTokenBytes = 1 << 16;

    private readonly Option<string?> _server = new("--server") { Description = $"The 'sweep serve' to talk to, as https://sweeps.example.org, instead of a store. Default: the environment variable {Variable}." };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = $"File with the token to sign in with at the server. Default: the environment variable {TokenVariable}." };
    private readonly Option<string?> _authorities = new("--ca") { Description = "File of certificates (PEM) of the authorities to trust at the server instead of the system's." };

    private IEnumerable<Option<string?>> All => [_server, _tokenFile, _authorities];

    internal void AddTo(Command command)
    {
        foreach (Option<string?> option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the command line itself names a server.</summary>
    internal bool IsNamed(ParseResult input) => input.GetValue(_server) is not null;

    /// <summary>The server that the command line names, else the environment; null where neither does.</summary>
    /// <exception cref="BadInputException">The address is none, the token cannot be read, or must not be sent there.</exception>
    internal ServerAddress? Read(ParseResult input)
    {
        if ((input.GetValue(_server) ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } url)
        {
            return ServerAddress.Read(url, ReadToken(input.GetValue(_tokenFile)), input.GetValue(_authorities), IsNamed(input) ? _server.Name : Variable);
        }

        return All.Skip(1).FirstOrDefault(option => input.GetValue(option) is not null) is { } alone
            ? throw new BadInputException($"{alone.Name}: found it without a server, expected --server URL or the environment variable {Variable}.")
            : null;
    }

    /// <summary>These options as they were given, to be shown.</summary>
    internal IEnumerable<string> Words(ParseResult input) =>
        All.SelectMany(option => input.GetValue(option) is { } value ? (string[])[option.Name, ShellWord.Quote(value)] : []);

    private static string? ReadToken(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(TokenVariable) is { } set && !string.IsNullOrWhiteSpace(set) ? set.Trim() : null;
        }

        try
        {
            string token = new FileInfo(file) is { Length: > MostTokenBytes } ? "\n\n" : File.ReadAllText(file).Trim();
            return token.Length > 0 && !token.Contains('\n', StringComparison.Ordinal)
                ? token
                : throw new BadInputException($"--token-file {file}: found {(token.Length == 0 ? "nothing" : "more than a line")}, expected one line: the token.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--token-file {file}: cannot be read ({OneLine.Of(error.Message).TrimEnd('.')}).", error);
        }
    }
}
