using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Chaos.Silo;

/// <summary>Runs jobs under which the process may die.</summary>
internal sealed class MortalJobHost(IJobHost inner, Death death) : IJobHost
{
    /// <inheritdoc/>
    public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => death.PassAsync(
        claim.Job.Kind == JobKind.Coordinate ? Moment.Coordinate : Moment.Compute, () => inner.RunAsync(claim, cancellationToken));
}
