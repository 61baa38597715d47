using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Placement;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Sweeps;

/// <inheritdoc cref="ISweepGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class SweepGrain(ISweepStore store, ISweepDesk desk, SiloRoll silos, TimeProvider time) : Grain, ISweepGrain
{
    private string SweepId => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public async Task<SweepView> LookAsync()
    {
        SweepCounts counts = SweepCounts.Of(await store.ReadStatusAsync(SweepId, CancellationToken.None));
        (ImmutableArray<SiloView> answers, ImmutableArray<string> silent) = await silos.AskAsync(silo => silo.LookAsync());
        return new SweepView(
            counts,
            [.. answers
                .Select(silo => silo with { Work = [.. silo.Work.Where(item => item.Job.SweepId == SweepId)] })
                .Where(silo => !silo.Work.IsEmpty)
                .OrderBy(silo => silo.Name, StringComparer.Ordinal)],
            silent);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SweepCounts> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SweepCounts? last = null;
        for (long seen = 0; last is not { IsOver: true }; seen = await SweepWatch.ChangeAsync(store, seen, time, cancellationToken))
        {
            SweepCounts counts = SweepCounts.Of(await store.ReadStatusAsync(SweepId, cancellationToken));
            if (counts != last)
            {
                yield return last = counts;
            }
        }
    }

    /// <inheritdoc/>
    public Task<SweepPhase> PauseAsync() => ChangeAsync(SweepPhase.Paused);

    /// <inheritdoc/>
    public Task<SweepPhase> ResumeAsync() => ChangeAsync(SweepPhase.Running);

    /// <inheritdoc/>
    public async Task<SweepPhase> CancelAsync()
    {
        SweepPhase phase = await ChangeAsync(SweepPhase.Cancelled);
        await silos.AskAsync(silo => silo.StopAsync(SweepId));
        return phase;
    }

    private async Task<SweepPhase> ChangeAsync(SweepPhase phase) =>
        (await desk.ChangeAsync(SweepId, new SweepChange { Phase = phase }, CancellationToken.None)).Phase;
}
