using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep remove SWEEP</c>: removes a sweep from the store.</summary>
internal sealed class RemoveCommand : DeskCommand
{
    private readonly Argument<string> _sweep = SweepName();
    private readonly Option<string> _format = CommonOptions.Format();

    internal RemoveCommand()
        : base("remove", "Removes a sweep that does not run, with its results, and what nothing else in the store needs.")
    {
        Arguments.Add(_sweep);
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        SweepListing sweep = await desk.FindAsync(input.GetRequiredValue(_sweep), cancellationToken);
        long bytes = await desk.RemoveAsync(sweep.Id, cancellationToken);
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(input.InvocationConfiguration.Output, new { sweep.Id, sweep.Record.Name, Removed = true, FreedBytes = bytes });
            return ExitCodes.Success;
        }

        await input.InvocationConfiguration.Error.WriteLineAsync($"{sweep}: removed, {ByteSize.Write(bytes)} freed; files of the last hour are freed by the silos later");
        return ExitCodes.Success;
    }
}
