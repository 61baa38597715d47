using Orleans.Concurrency;
using SweepCluster.Orleans.Jobs;

namespace SweepCluster.Orleans.Silos;

/// <inheritdoc cref="ISiloGrain"/>
[OnItsSilo, Reentrant]
internal sealed class SiloGrain(SiloWork work) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public Task<SiloView> LookAsync() => Task.FromResult(new SiloView(work.Silo, work.Slots, work.Items));

    /// <inheritdoc/>
    public Task<int> StopAsync(string sweepId) => Task.FromResult(work.Stop(sweepId));
}
