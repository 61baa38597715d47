using System.CommandLine;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary>Base of every command: turns known errors into one line and an exit code.</summary>
internal abstract class SweepCommand : Command
{
    private protected SweepCommand(string name, string description)
        : base(name, description)
    {
        SetAction(InvokeAsync);
    }

    private static bool IsTracing => Environment.GetEnvironmentVariable("SWEEP_TRACE") == "1";

    /// <summary>Does the command's work and gives the exit code.</summary>
    private protected abstract Task<int> RunAsync(ParseResult input, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult input, CancellationToken cancellationToken)
    {
        TextWriter error = input.InvocationConfiguration.Error;
        try
        {
            return await RunAsync(input, cancellationToken);
        }
        catch (BadInputException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return ExitCodes.BadInput;
        }
        catch (SweepException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return ExitCodes.Failed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(fault.Message);
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return ExitCodes.Interrupted;
        }
        catch (OutOfMemoryException)
        {
            await error.WriteLineAsync("Out of memory. Fewer slots (--slots), or samples, take less.");
            return ExitCodes.Failed;
        }
        catch (Exception fault) when (!IsTracing)
        {
            // A defect of ours: one line for the person, the whole trace for who asks.
            await error.WriteLineAsync($"Unexpected {fault.GetType().Name}: {fault.Message} (SWEEP_TRACE=1 shows where.)");
            return ExitCodes.Failed;
        }
    }
}
