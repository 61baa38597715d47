using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
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

    /// <summary>A sweep's counts, now and whenever they changed, until it is finished, cancelled or stopped.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    public IAsyncEnumerable<SweepCounts> WatchAsync(string sweepId, CancellationToken cancellationToken) =>
        GrainCalls.FollowAsync(() => Sweep(sweepId).WatchAsync(cancellationToken), time, cancellationToken);

    /// <summary>A sweep's frontier, now and whenever it changed, until it is finished, cancelled or stopped.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    public IAsyncEnumerable<FrontierView> WatchFrontierAsync(string sweepId, CancellationToken cancellationToken) =>
        GrainCalls.FollowAsync(() => grains.GetGrain<IFrontierGrain>(sweepId).WatchAsync(cancellationToken), time, cancellationToken);

    /// <summary>Pauses a sweep: running jobs end and are recorded, no others begin.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished, or does not run.</exception>
    public Task<SweepPhase> PauseAsync(string sweepId, CancellationToken cancellationToken) => GrainCalls.RepeatAsync(() => Sweep(sweepId).PauseAsync(), time, cancellationToken);

    /// <summary>Goes on with a sweep that was paused, cancelled or stopped.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished.</exception>
    public Task<SweepPhase> ResumeAsync(string sweepId, CancellationToken cancellationToken) => GrainCalls.RepeatAsync(() => Sweep(sweepId).ResumeAsync(), time, cancellationToken);

    /// <summary>Cancels a sweep; its jobs are stopped at once.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished.</exception>
    public Task<SweepPhase> CancelAsync(string sweepId, CancellationToken cancellationToken) => GrainCalls.RepeatAsync(() => Sweep(sweepId).CancelAsync(), time, cancellationToken);

    private ISweepGrain Sweep(string sweepId) => grains.GetGrain<ISweepGrain>(sweepId);
}
