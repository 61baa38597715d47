using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Feeds;

/// <summary>States of sweeps, folded from the store once for all who watch. Thread-safe.</summary>
internal interface ISweepFeeds
{
    /// <summary>The present state of a sweep, or where <paramref name="seen"/> is that one, the next.</summary>
    /// <param name="sweepId">The sweep's whole id.</param>
    /// <param name="seen"><see cref="SweepState.Version"/> of the state that is known; 0: none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The store has no such sweep.</exception>
    /// <exception cref="SweepStoppedException">It was removed meanwhile.</exception>
    Task<SweepState> NextAsync(string sweepId, long seen, CancellationToken cancellationToken);

    /// <summary>What a report would show of the sweep now: the same that the finished one's shows, of what is recorded so far.</summary>
    /// <returns>The summary; null before the uncompressed model has been measured.</returns>
    /// <exception cref="BadInputException">The store has no such sweep.</exception>
    Task<SweepSummary?> SummarizeAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Waits until the list of sweeps or silos may read otherwise, at most about once a second.</summary>
    /// <param name="seen">What an earlier call returned; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A number for the next call.</returns>
    Task<long> NextChangeAsync(long seen, CancellationToken cancellationToken);
}
