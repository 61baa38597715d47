using System.Diagnostics;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Benchmarks;

/// <summary>A store that times how long each result takes to be acknowledged.</summary>
internal sealed class TimedStore(ISweepStore store, Action<long> recorded) : DelegatingStore(store)
{
    public override async Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RecordOutcome outcome = await base.TryRecordAsync(claim, result, proposals, cancellationToken);
        recorded(Stopwatch.GetElapsedTime(start).Ticks);
        return outcome;
    }
}
