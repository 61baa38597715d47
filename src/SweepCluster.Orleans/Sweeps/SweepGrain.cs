using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Placement;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Sweeps;

/// <inheritdoc cref="ISweepGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class SweepGrain(ISweepStore store, SiloRoll silos, TimeProvider time) : Grain, ISweepGrain
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2); // the news of a change may be lost

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
        for (long seen = 0; last is not { IsFinished: true }; seen = await store.WaitForChangeOrAsync(s_poll, seen, time, cancellationToken))
        {
            SweepCounts counts = SweepCounts.Of(await store.ReadStatusAsync(SweepId, cancellationToken));
            if (counts != last)
            {
                yield return last = counts;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<int> StopJobsAsync() => (await silos.AskAsync(silo => silo.StopAsync(SweepId))).Answers.Sum();
}
