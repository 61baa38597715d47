using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Cli.Commands;

/// <summary>What <c>pause</c>, <c>resume</c>, <c>cancel</c> and <c>change</c> tell scripts.</summary>
internal static class ControlJson
{
    internal static Task WriteAsync(TextWriter output, SweepListing sweep, SweepControl control, bool changed) => Json.WriteAsync(output, new
    {
        sweep.Id,
        sweep.Record.Name,
        Phase = SweepListing.NameOf(control.Phase),
        Changed = changed,
        sweep.Status.Jobs,
        sweep.Status.Results,
        control.Priority,
        Attempts = control.MaxAttempts,
        TimeLimitSeconds = control.TimeLimit?.TotalSeconds,
    });
}
