using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Feeds;

/// <summary>The feeds of a store's sweeps: each begins when somebody asks and ends when nobody does any more.</summary>
internal sealed class SweepFeeds : ISweepFeeds, IAsyncDisposable
{
    private readonly ServerParts _parts;
    private readonly TimeProvider _time;
    private readonly SummaryShelf _summaries;
    private readonly ListFeed _list;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SweepFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>No feed yet.</summary>
    internal SweepFeeds(ServerParts parts, TimeProvider time, SummaryShelf summaries)
    {
        _parts = parts;
        _time = time;
        _summaries = summaries;
        _list = new ListFeed(parts.Store, time, _stop.Token);
    }

    /// <inheritdoc/>
    public async Task<SweepState> NextAsync(string sweepId, long seen, CancellationToken cancellationToken)
    {
        Task<SweepState>? next = Find(sweepId)?.TryNext(seen, cancellationToken);
        return await (next ?? Begin(await FindAsync(_parts.Store, sweepId, cancellationToken), seen, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<SweepSummary?> SummarizeAsync(string sweepId, CancellationToken cancellationToken) => _summaries.SummarizeAsync(sweepId, cancellationToken);

    /// <inheritdoc/>
    public Task<long> NextChangeAsync(long seen, CancellationToken cancellationToken) => _list.NextAsync(seen, cancellationToken);

    /// <summary>Ends every feed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] following;
        lock (_gate)
        {
            following = [.. _feeds.Values.Select(feed => feed.Following), _list.Following];
        }

        await Task.WhenAll(following);
        _stop.Dispose();
    }

    /// <summary>A sweep of a store.</summary>
    /// <exception cref="BadInputException">There is none of this id.</exception>
    internal static async Task<SweepRecord> FindAsync(ISweepStore store, string sweepId, CancellationToken cancellationToken) =>
        (await store.ListSweepsAsync(cancellationToken)).FirstOrDefault(sweep => sweep.Id == sweepId)
        ?? throw new BadInputException($"found no sweep {sweepId}, expected the id of one.");

    private Task<SweepState> Begin(SweepRecord sweep, long seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (_feeds.GetValueOrDefault(sweep.Id)?.TryNext(seen, cancellationToken) is { } running)
            {
                return running; // somebody was faster
            }

            foreach (string ended in _feeds.Where(entry => entry.Value.IsClosed).Select(entry => entry.Key).ToArray())
            {
                _feeds.Remove(ended);
            }

            SweepFeed feed = new(sweep, _parts.Store, _time);
            Task<SweepState> next = feed.TryNext(seen, cancellationToken)!; // before it begins, so that however it ends is told
            _feeds.Add(sweep.Id, feed);
            feed.Begin(_stop.Token);
            return next;
        }
    }

    private SweepFeed? Find(string sweepId)
    {
        lock (_gate)
        {
            return _feeds.GetValueOrDefault(sweepId);
        }
    }
}
