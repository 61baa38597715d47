using SweepCluster.Cli;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Runs the program's command lines in this process and keeps what they print.</summary>
internal sealed record CommandLine(int ExitCode, string Output, string Error)
{
    internal static async Task<CommandLine> RunAsync(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int exitCode = await SweepProgram.RunAsync(arguments, output, error);
        return new CommandLine(exitCode, output.ToString(), error.ToString());
    }
}
