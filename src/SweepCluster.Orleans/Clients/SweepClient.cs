using SweepCluster.Orleans.Frontiers;
using SweepCluster.Orleans.Sweeps;

namespace SweepCluster.Orleans.Clients;

/// <summary>Asks the cluster, from a member or from a client of it. Calls that fail for a passing reason are made again, with limits.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="time">The clock, for pauses.</param>
public sealed class SweepClient(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How far a sweep is, and which silos are at which of its jobs.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    public Task<SweepView> LookAsync(string sweepId, CancellationToken cancellationToken) => GrainCalls.RepeatAsync(() => Sweep(sweepId).LookAsync(), time, cancellationToken);

    /// <summary>A sweep's counts, now and whenever they changed, until it is finished.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    public IAsyncEnumerable<SweepCounts> WatchAsync(string sweepId, CancellationToken cancellationToken) =>
        GrainCalls.FollowAsync(() => Sweep(sweepId).WatchAsync(cancellationToken), time, cancellationToken);

    /// <summary>A sweep's frontier, now and whenever it changed, until it is finished.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    public IAsyncEnumerable<FrontierView> WatchFrontierAsync(string sweepId, CancellationToken cancellationToken) =>
        GrainCalls.FollowAsync(() => grains.GetGrain<IFrontierGrain>(sweepId).WatchAsync(cancellationToken), time, cancellationToken);

    /// <summary>Asks every silo to stop the jobs of a sweep that it runs. They are given back; whether somebody takes them up again is the store's to say.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many jobs were asked.</returns>
    public Task<int> StopJobsAsync(string sweepId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Sweep(sweepId).StopJobsAsync(), time, cancellationToken);

    private ISweepGrain Sweep(string sweepId) => grains.GetGrain<ISweepGrain>(sweepId);
}
