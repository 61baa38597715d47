using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Events;

/// <summary>The latest events, of all sweeps or of one: read on from where the last look ended, once for all who ask.</summary>
internal sealed class EventTail(ServerParts parts, ServerOptions options) : IDisposable
{
    /// <summary>Events that are kept of all sweeps together, and of each.</summary>
    internal const int Most = 2000, MostOfSweep = 200;

    private const int PageSize = 1000;
    private const int MostSweeps = 200;

    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, EventPage> _ofSweeps = new(StringComparer.Ordinal);
    private EventPage _all = new([]);
    private long _read;
    private long? _at;

    /// <summary>The latest events, the newest first; the same object while none came.</summary>
    internal async Task<EventPage> ReadAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return _all;
    }

    /// <summary>The latest events of a sweep, the newest first; the same object while none came.</summary>
    internal async Task<EventPage> ReadAsync(string sweepId, CancellationToken cancellationToken)
    {
        await CatchUpAsync(cancellationToken);
        return _ofSweeps.GetValueOrDefault(sweepId) ?? EventPage.Empty;
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_at is { } at && options.Time.GetElapsedTime(at) < s_fresh)
            {
                return;
            }

            ImmutableArray<StoreEvent> page;
            do
            {
                page = await parts.Store.ReadEventsAsync(null, _read, PageSize, cancellationToken);
                Add(page);
            }
            while (page.Length == PageSize);
            _at = options.Time.GetTimestamp();
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Add(ImmutableArray<StoreEvent> page)
    {
        if (page.IsEmpty)
        {
            return;
        }

        _read = page[^1].Number;
        _all = _all.With(page, Most);
        foreach (IGrouping<string, StoreEvent> sweep in page.Where(entry => entry.SweepId is not null).GroupBy(entry => entry.SweepId!, StringComparer.Ordinal))
        {
            if (_ofSweeps.Count >= MostSweeps && !_ofSweeps.ContainsKey(sweep.Key))
            {
                _ofSweeps.TryRemove(_ofSweeps.MinBy(entry => entry.Value.Entries[0].Number).Key, out _); // what was quiet for longest
            }

            _ofSweeps[sweep.Key] = _ofSweeps.GetValueOrDefault(sweep.Key, EventPage.Empty).With([.. sweep], MostOfSweep);
        }
    }
}
