using System.CommandLine;
using System.Text.RegularExpressions;
using SweepCluster.Cli.Commands;
using SweepCluster.Cli.Hosting;
using SweepCluster.Graphs;

namespace SweepCluster.Cli;

/// <summary>The program <c>sweep</c>: parses a command line, runs the command, gives the exit code.</summary>
public static partial class SweepProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">Arguments without the program's name.</param>
    /// <param name="output">Receives data.</param>
    /// <param name="error">Receives words: progress, notices, errors.</param>
    /// <returns>0 done, 1 failed, 2 bad input, 130 interrupted.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        RootCommand root = CreateRoot();
        if (arguments.Count == 0)
        {
            await root.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
            return ExitCodes.BadInput;
        }

        ParseResult parsed = root.Parse(arguments);
        string[] faults = [.. Faults(arguments, parsed)];
        if (faults.Length > 0)
        {
            foreach (string fault in faults)
            {
                await error.WriteLineAsync($"sweep: {fault}");
            }

            string command = parsed.CommandResult.Command is RootCommand ? "sweep" : $"sweep {parsed.CommandResult.Command.Name}";
            await error.WriteLineAsync($"Try '{command} --help'.");
            return ExitCodes.BadInput;
        }

        // Ctrl-C cancels the token; the command then has this long to close its files.
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        return await parsed.InvokeAsync(configuration);
    }

    /// <summary>The program's commands.</summary>
    internal static RootCommand CreateRoot()
    {
        RootCommand root = new("Finds which compression of which layer a trained network can bear, and writes the compressed model.");
        var groups = CommandGroups.Create(SiloHosting.Create());
        foreach (Command command in groups.SelectMany(group => group.Commands))
        {
            root.Add(command);
        }

        RootHelp.Replace(root, groups);
        return root;
    }

    [GeneratedRegex("^Cannot parse argument '(?<found>.*)' for option '(?<option>.*)' as expected type '(?<type>.*)'\\.$", RegexOptions.ExplicitCapture)]
    private static partial Regex WrongType();

    // The parser's messages, without .NET's names of types; and no empty words, which an unset variable of a shell gives.
    internal static IEnumerable<string> Faults(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        if (arguments.Any(string.IsNullOrWhiteSpace))
        {
            return ["found an empty argument, expected a path or a value."];
        }

        // What stands where a command is expected: the parser would say first that there is none.
        if (parsed.CommandResult.Command is RootCommand root && parsed.UnmatchedTokens is [{ } word, ..] && !word.StartsWith('-'))
        {
            return [NearName.Ended($"found no command '{OneLine.Short(word)}', expected one that 'sweep --help' lists{NearName.Hint(word, root.Subcommands.Select(command => command.Name))}")];
        }

        return parsed.Errors
            .Select(fault => WrongType().Replace(fault.Message, match =>
                $"{match.Groups["option"]}: found '{match.Groups["found"]}', expected a {(match.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "whole " : string.Empty)}number."))
            .Distinct();
    }
}
