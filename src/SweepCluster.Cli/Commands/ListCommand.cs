using System.Collections.Immutable;
using System.CommandLine;
using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;

namespace SweepCluster.Cli.Commands;

/// <summary><c>sweep list</c>: the sweeps of a cluster.</summary>
internal sealed class ListCommand : DeskCommand
{
    private readonly Option<string> _format = CommonOptions.Format();

    internal ListCommand()
        : base("list", "Lists the sweeps of a cluster and how far each is.")
    {
        Options.Add(_format);
    }

    private protected override async Task<int> RunAsync(ISweepDesk desk, ParseResult input, CancellationToken cancellationToken)
    {
        ImmutableArray<SweepListing> sweeps = await desk.ListAsync(cancellationToken);
        TextWriter output = input.InvocationConfiguration.Output;
        if (input.IsJson(_format))
        {
            await Json.WriteAsync(output, sweeps.Select(sweep => new
            {
                sweep.Id,
                sweep.Record.Name,
                sweep.Phase,
                sweep.Status.Control.Reason,
                sweep.Status.Jobs,
                sweep.Status.Results,
                sweep.Status.Leased,
                sweep.Status.Failures,
                sweep.Status.Control.Priority,
                Attempts = sweep.Status.Control.MaxAttempts,
                TimeLimitSeconds = sweep.Status.Control.TimeLimit?.TotalSeconds,
                sweep.Record.Version,
                Submitted = sweep.Status.Added,
                sweep.Waits,
            }));
            return ExitCodes.Success;
        }

        if (sweeps.IsEmpty)
        {
            await input.InvocationConfiguration.Error.WriteLineAsync($"No sweep is {DeskArguments.Where(desk)}.");
            return ExitCodes.Success;
        }

        TextTable table = new("id", "name", "phase", ">jobs", ">running", ">failed", ">priority", "submitted");
        foreach (SweepListing sweep in sweeps)
        {
            table.Add(
                sweep.Id, sweep.Record.Name, sweep.Phase, $"{sweep.Status.Results}/{sweep.Status.Jobs}", $"{sweep.Status.Leased}", $"{sweep.Status.Failures}",
                $"{sweep.Status.Control.Priority}", sweep.Status.Added is { } added ? Quantity.Moment(added) : "-");
        }

        await table.WriteAsync(output);
        foreach (SweepListing sweep in sweeps.Where(sweep => sweep.Phase == "stopped"))
        {
            await output.WriteLineAsync($"{sweep} stopped: {sweep.Status.Control.Reason}");
        }

        await WriteWaitsAsync(sweeps, output);
        return ExitCodes.Success;
    }

    /// <summary>A line for each sweep that nobody takes though it runs.</summary>
    internal static async Task WriteWaitsAsync(ImmutableArray<SweepListing> sweeps, TextWriter output)
    {
        foreach (SweepListing sweep in sweeps.Where(sweep => sweep.Waits is not null))
        {
            await output.WriteLineAsync($"{sweep} waits: {sweep.Waits}.");
        }
    }
}
