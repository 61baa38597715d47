using System.CommandLine;
using SweepCluster.Cli.Commands;

namespace SweepCluster.Cli;

/// <summary>The program <c>sweep</c>: parses a command line, runs the command, gives the exit code.</summary>
public static class SweepProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">Arguments without the program's name.</param>
    /// <param name="output">Receives data.</param>
    /// <param name="error">Receives words: progress, notices, errors.</param>
    /// <returns>0 done, 1 failed, 2 bad input, 130 interrupted.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        RootCommand root = new("Finds which compression of which layer a trained network can bear, and writes the compressed model.")
        {
            new RunCommand(),
            new SiloCommand(),
            new PlanCommand(),
            new ReportCommand(),
            new TrialsCommand(),
            new ExportCommand(),
            new DiffCommand(),
            new InspectCommand(),
            new EvaluateCommand(),
            new CompressCommand(),
            new DecompressCommand(),
        };

        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(fault => fault.Message).Distinct())
            {
                await error.WriteLineAsync($"sweep: {message}");
            }

            await error.WriteLineAsync($"Try 'sweep {parsed.CommandResult.Command.Name.Replace("sweep ", string.Empty, StringComparison.Ordinal)} --help'.");
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
}
