namespace SweepCluster.Orleans.Sweeps;

/// <summary>Answers for a sweep, from wherever in the cluster it is asked. Key: the sweep's id. What it says comes from the store and from the silos; it holds nothing itself.</summary>
[Alias("sweep.sweep-grain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>How far it is, and which silos are at which of its jobs.</summary>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    [Alias("look")]
    Task<SweepView> LookAsync();

    /// <summary>Its counts, now and whenever they changed, until it is finished.</summary>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    [Alias("watch")]
    IAsyncEnumerable<SweepCounts> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Asks every silo to stop the jobs of this sweep that it runs. They are given back; whether somebody takes them up again is the store's to say.</summary>
    /// <returns>How many jobs were asked.</returns>
    [Alias("stop")]
    Task<int> StopJobsAsync();
}
