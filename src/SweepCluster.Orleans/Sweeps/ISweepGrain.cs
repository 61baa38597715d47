using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Sweeps;

/// <summary>Answers for a sweep, from wherever in the cluster it is asked. Key: the sweep's id. What it says comes from the store and from the silos; it holds nothing itself.</summary>
[Alias("sweep.sweep-grain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>How far it is, and which silos are at which of its jobs.</summary>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    [Alias("look")]
    Task<SweepView> LookAsync();

    /// <summary>Its counts, now and whenever they changed, until it is finished, cancelled or stopped.</summary>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    [Alias("watch")]
    IAsyncEnumerable<SweepCounts> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Pauses it: running jobs end and are recorded, no others begin.</summary>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished, or does not run.</exception>
    [Alias("pause")]
    Task<SweepPhase> PauseAsync();

    /// <summary>Goes on with it, after it was paused, cancelled or stopped.</summary>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished.</exception>
    [Alias("resume")]
    Task<SweepPhase> ResumeAsync();

    /// <summary>Cancels it. The store does, and with that it is done; beyond that every silo is asked to stop its jobs at once rather than at their next lease renewal.</summary>
    /// <exception cref="NoSuchSweepException">There is none.</exception>
    /// <exception cref="WrongPhaseException">It is finished.</exception>
    [Alias("cancel")]
    Task<SweepPhase> CancelAsync();
}
