using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>The sweeps and silos of the store, read again when something changed, once for all who look.</summary>
internal sealed class SweepIndex(ServerParts parts, ISweepFeeds feeds) : IDisposable
{
    private const int MostEnded = 5000;

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, (long Results, SweepProgress Progress)> _ended = new(StringComparer.Ordinal);
    private SweepIndexState? _state;

    /// <summary>The present state, or where <paramref name="seen"/> is that one, the next.</summary>
    /// <param name="seen"><see cref="SweepIndexState.Version"/> of the state that is known; 0: none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async Task<SweepIndexState> NextAsync(long seen, CancellationToken cancellationToken)
    {
        long version = await feeds.NextChangeAsync(seen, cancellationToken);
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_state is null || _state.Version < version)
            {
                ImmutableArray<SweepListing> sweeps = await parts.Desk.ListAsync(cancellationToken);
                _state = new SweepIndexState(version, Sort(sweeps), await parts.Desk.ListSilosAsync(cancellationToken));
            }

            return _state;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>How far a sweep was when it ended; null where it goes on or was not looked at.</summary>
    internal SweepProgress? Progress(SweepListing sweep) =>
        sweep.Status.IsFinished && _ended.TryGetValue(sweep.Id, out (long Results, SweepProgress Progress) entry) && entry.Results == sweep.Status.Results ? entry.Progress : null;

    /// <summary>Keeps how far a sweep was when it ended, so that a list need not read its records again.</summary>
    internal void Keep(SweepListing sweep, SweepProgress progress)
    {
        if (sweep.Status.IsFinished && progress.Stage == SweepStage.Finished)
        {
            if (_ended.Count >= MostEnded)
            {
                _ended.Clear(); // a few kilobytes for each; whoever is listed next is read again
            }

            _ended[sweep.Id] = (sweep.Status.Results, progress);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    // Those that run or wait for somebody first, each group the newest first.
    private static ImmutableArray<SweepListing> Sort(ImmutableArray<SweepListing> sweeps) =>
        [.. sweeps.Reverse().OrderBy(sweep => sweep.Phase switch { "running" => 0, "stopped" => 1, "paused" => 2, _ => 3 })];
}
