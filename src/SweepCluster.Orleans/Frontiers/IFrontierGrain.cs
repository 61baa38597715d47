namespace SweepCluster.Orleans.Frontiers;

/// <summary>Folds a sweep's recorded trials, once for all who watch. Key: the sweep's id.</summary>
[Alias("sweep.frontier-grain")]
public interface IFrontierGrain : IGrainWithStringKey
{
    /// <summary>The frontier, now and whenever it changed, until the sweep is finished, cancelled or stopped. Who is slow misses states, never the last one.</summary>
    /// <exception cref="ArgumentException">The store has no such sweep.</exception>
    /// <exception cref="Engine.Jobs.SweepSetAsideException">The silo on which the grain is cannot open the sweep.</exception>
    [Alias("watch")]
    IAsyncEnumerable<FrontierView> WatchAsync(CancellationToken cancellationToken);
}
