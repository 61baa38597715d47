using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Feeds;

/// <summary>Summaries of sweeps, made when somebody asks and kept while they are current. A sweep that goes on keeps its model open for a while; few are open, and few summaries are kept. Thread-safe.</summary>
internal sealed class SummaryShelf : IDisposable
{
    /// <summary>Models that stay open.</summary>
    internal const int MostOpen = 4;

    private const int MostKept = 8;
    private const int MostTrials = 60_000; // of all summaries that are kept, beside the one used last
    private const int MostAtOnce = 2; // summaries that are made

    private static readonly TimeSpan s_breath = TimeSpan.FromSeconds(1); // between two summaries of one sweep
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5); // without anybody who asks

    private readonly ServerParts _parts;
    private readonly ServerFolder _folder;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _making = new(MostAtOnce);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ITimer _timer;

    /// <summary>An empty shelf.</summary>
    internal SummaryShelf(ServerParts parts, ServerFolder folder, TimeProvider time)
    {
        _parts = parts;
        _folder = folder;
        _time = time;
        _timer = time.CreateTimer(static shelf => ((SummaryShelf)shelf!).Trim(), this, s_patience, s_patience);
    }

    /// <inheritdoc cref="ISweepFeeds.SummarizeAsync"/>
    internal async Task<SweepSummary?> SummarizeAsync(string sweepId, CancellationToken cancellationToken)
    {
        SweepRecord sweep = await SweepFeeds.FindAsync(_parts.Store, sweepId, cancellationToken);
        SweepStatus status = await SweepWatch.ReadStatusAsync(_parts.Store, sweep, cancellationToken);
        Entry entry = Enter(sweepId);
        try
        {
            if (entry.Current(status, _time) is { } current)
            {
                return current;
            }

            await entry.Gate.WaitAsync(cancellationToken);
            try
            {
                return entry.Current(status, _time) ?? await MakeAsync(entry, sweep, cancellationToken);
            }
            finally
            {
                entry.Gate.Release();
            }
        }
        finally
        {
            Leave(entry);
        }
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                entry.Close();
            }

            _entries.Clear();
        }

        _making.Dispose();
    }

    private async Task<SweepSummary?> MakeAsync(Entry entry, SweepRecord sweep, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            SweepStatus status = await SweepWatch.ReadStatusAsync(_parts.Store, sweep, cancellationToken);
            if (entry.Open is { } earlier && status.Results < earlier.Records.Counts.Results)
            {
                entry.Close(); // it was removed and handed in again
            }

            OpenedModel open = entry.Open ??= await OpenedModel.OpenAsync(_parts.Store, _parts.Blobs, sweep, _folder.New(), cancellationToken);
            SweepSummary? summary = await open.SummarizeAsync(cancellationToken);
            entry.Keep(summary, status, _time.GetTimestamp());
            if (status.IsFinished)
            {
                entry.Close(); // nothing new comes
            }

            return summary;
        }
        catch (ArgumentException error) when (error.ParamName == "sweepId")
        {
            throw new BadInputException($"found no sweep {sweep.Id}, expected the id of one.");
        }
        finally
        {
            _making.Release();
        }
    }

    private Entry Enter(string sweepId)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sweepId, out Entry? entry))
            {
                _entries.Add(sweepId, entry = new Entry());
            }

            entry.Users++;
            entry.Used = _time.GetTimestamp();
            return entry;
        }
    }

    private void Leave(Entry entry)
    {
        lock (_gate)
        {
            entry.Users--;
            entry.Used = _time.GetTimestamp();
        }

        Trim();
    }

    /// <summary>Closes and forgets what nobody uses, the longest unused first, until what is left is little and was used lately.</summary>
    private void Trim()
    {
        lock (_gate)
        {
            int open = 0, kept = 0, trials = 0;
            foreach ((string id, Entry entry) in _entries.OrderByDescending(entry => entry.Value.Used).ToArray())
            {
                open += entry.Open is null ? 0 : 1;
                kept++;
                trials += entry.Trials;
                if (entry.Users > 0)
                {
                    continue;
                }

                bool isOld = _time.GetElapsedTime(entry.Used) >= s_patience;
                if (open > MostOpen || isOld)
                {
                    open -= entry.Open is null ? 0 : 1;
                    entry.Close();
                }

                if (kept > MostKept || (kept > 1 && trials > MostTrials) || isOld)
                {
                    kept--;
                    trials -= entry.Trials;
                    open -= entry.Open is null ? 0 : 1;
                    entry.Close();
                    _entries.Remove(id);
                }
            }
        }
    }

    /// <summary>One sweep. What changes of it while it is used does so under <see cref="Gate"/>.</summary>
    private sealed class Entry
    {
        private Made? _made;

        internal SemaphoreSlim Gate { get; } = new(1);

        internal OpenedModel? Open { get; set; }

        internal int Users { get; set; }

        internal long Used { get; set; }

        internal int Trials => _made?.Summary?.Trials.Length ?? 0;

        /// <summary>The summary where it says what is recorded, or was made just now.</summary>
        internal SweepSummary? Current(SweepStatus status, TimeProvider time) =>
            _made is { } made && status.Results >= made.Results && status.IsFinished == made.IsFinished && (status.Results == made.Results || time.GetElapsedTime(made.At) < s_breath)
                ? made.Summary
                : null;

        internal void Keep(SweepSummary? summary, SweepStatus status, long at) => _made = new Made(summary, status.Results, status.IsFinished, at);

        internal void Close()
        {
            Open?.Dispose();
            Open = null;
        }

        private sealed record Made(SweepSummary? Summary, long Results, bool IsFinished, long At);
    }
}
