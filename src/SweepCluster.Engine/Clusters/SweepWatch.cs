using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Follows a sweep of a shared store to its end, without its model and data.</summary>
internal static class SweepWatch
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2); // news may be lost
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(250);

    /// <summary>Reports progress until the sweep is finished.</summary>
    /// <exception cref="SweepStoppedException">It was cancelled, stopped or removed.</exception>
    internal static async Task FollowAsync(ISweepStore store, SweepRecord sweep, IProgress<SweepProgress> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        SweepSpec spec = Bundles.SpecOf(sweep.Request);
        WatchedRecords records = new(store, sweep.Id);
        await records.CatchUpAsync(cancellationToken);
        ProgressMeter meter = new(spec, () => SpaceOf(spec, records), records, time);
        ImmutableArray<WorkingSilo> silos = [];
        long looked = 0;
        await WaitAsync(
            store, sweep, time, cancellationToken,
            async status =>
            {
                await records.CatchUpAsync(cancellationToken);
                if (looked == 0 || time.GetElapsedTime(looked) >= s_poll)
                {
                    silos = WorkingSilo.Of(await store.ListSilosAsync(cancellationToken), await store.ListHeldAsync(cancellationToken));
                    looked = time.GetTimestamp();
                }

                string? waits = Standstill.Of(new SweepListing(sweep, status), [.. silos.Select(silo => silo.Status)]);
                progress.Report(meter.Measure(status.IsFinished) with { Phase = status.Control.Phase, Silos = silos, Waits = waits });
            });
    }

    /// <summary>Waits until the sweep is finished.</summary>
    /// <param name="store">The store.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="look">Called with its status now and then, and at its end; null: nobody looks.</param>
    /// <exception cref="SweepStoppedException">It was cancelled, stopped or removed.</exception>
    internal static async Task WaitAsync(ISweepStore store, SweepRecord sweep, TimeProvider time, CancellationToken cancellationToken, Func<SweepStatus, Task>? look = null)
    {
        for (long seen = 0; ;)
        {
            SweepStatus status = await ReadStatusAsync(store, sweep, cancellationToken);
            if (look is not null)
            {
                await look(status);
            }

            if (status.IsFinished)
            {
                return;
            }

            if (EndOf(sweep, status.Control, status.Results, status.Jobs) is { } end)
            {
                throw end;
            }

            await Task.Delay(s_period, time, cancellationToken);
            seen = await ChangeAsync(store, seen, time, cancellationToken);
        }
    }

    /// <summary>Why nobody waits for an unfinished sweep any more; null where it goes on, or may.</summary>
    internal static SweepStoppedException? EndOf(SweepRecord sweep, SweepControl control, long results, long jobs) => control.Phase switch
    {
        SweepPhase.Cancelled => new($"sweep {sweep.Id} '{sweep.Name}': found it cancelled with {results} of {jobs} jobs done; 'sweep resume {sweep.Id}' goes on with it."),
        SweepPhase.Stopped => new($"sweep {sweep.Id} '{sweep.Name}': stopped: {control.Reason} (once that is mended, 'sweep resume {sweep.Id}' goes on with it)"),
        _ => null,
    };

    /// <summary>What is said of a sweep that is there no more.</summary>
    internal static SweepStoppedException Removed(SweepRecord sweep) => new($"sweep {sweep.Id} '{sweep.Name}': somebody removed it from the store.");

    /// <summary>Waits for news of a store, or for a while.</summary>
    internal static Task<long> ChangeAsync(ISweepStore store, long seen, TimeProvider time, CancellationToken cancellationToken) =>
        StoreChanges.WaitAsync(store, seen, s_poll, time, cancellationToken);

    /// <summary>A sweep's status.</summary>
    /// <exception cref="SweepStoppedException">It was removed.</exception>
    internal static async Task<SweepStatus> ReadStatusAsync(ISweepStore store, SweepRecord sweep, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadStatusAsync(sweep.Id, cancellationToken);
        }
        catch (ArgumentException)
        {
            throw Removed(sweep);
        }
    }

    /// <summary>What can be told of the space from the spec and the cells that were asked for.</summary>
    internal static (int UniformPlans, double ProbeUnits) SpaceOf(SweepSpec spec, WatchedRecords records) => (
        (spec.Search.Uniform ? spec.Schemes.Length : 0) + spec.GivenPlans.Length,
        records.SchemesByWeight.Sum(schemes => JobCost.OfProbe(schemes, spec.Samples.Probe).Units));
}
