using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Clusters;

/// <summary>
/// The sweeps that are open on a silo. One is opened with its first job here and stays open while there is room. Where another one needs the room, those without a running job are closed;
/// where none is, it waits, and after a while its turn comes: those that are open begin no more jobs until it is open too, or as long again has passed.
/// A sweep that was removed and handed in again is opened anew; what was open of it before is closed when its last job has ended. Thread-safe.
/// </summary>
internal sealed class OpenSweeps : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1); // between two looks for room
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(30); // a sweep waits so long before others make room for it
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5); // a sweep that did not ask for so long does not wait any more

    private readonly ISweepStore _store;
    private readonly Func<SweepRecord, CancellationToken, Task<IOpenedSweep>> _open;
    private readonly SiloMemory _memory;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;
    private readonly SiloLog _log;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _sweeps = new(StringComparer.Ordinal);
    private readonly Dictionary<IOpenedSweep, Entry> _left = new(ReferenceEqualityComparer.Instance); // of earlier lives, as long as a job of them runs
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private (string SweepId, long Since, long Asked)? _next;

    /// <summary>Nothing is open.</summary>
    /// <param name="store">The store.</param>
    /// <param name="open">Opens a sweep.</param>
    /// <param name="memory">Where they must fit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Told in one line what an operator should know.</param>
    /// <param name="log">Told the same instead, where it is on.</param>
    internal OpenSweeps(ISweepStore store, Func<SweepRecord, CancellationToken, Task<IOpenedSweep>> open, SiloMemory memory, TimeProvider time, Action<string> notice, SiloLog? log = null)
    {
        _store = store;
        _open = open;
        _memory = memory;
        _time = time;
        _notice = notice;
        _log = log ?? SiloLog.None;
    }

    /// <summary>Opens a sweep for a job, unless it is open. Each call that returns ends with <see cref="Leave"/>.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="life">The job's <see cref="Claim.Life"/>; null: whichever is open, for who only looks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SweepSetAsideException">Not now, or not on this silo; says for how long.</exception>
    /// <exception cref="StoreUnavailableException">The store is lost.</exception>
    internal async Task<IOpenedSweep> EnterAsync(string sweepId, long? life, CancellationToken cancellationToken)
    {
        if (TryEnter(sweepId, life) is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (TryEnter(sweepId, life) is { } opened)
            {
                return opened;
            }

            await OpenAsync(sweepId, life, cancellationToken);
            return TryEnter(sweepId, life) ?? throw new SweepSetAsideException($"sweep {sweepId}: was removed and handed in again.", null, s_pause);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The sweeps that are open now; one of them may be closed by the time that somebody looks at it.</summary>
    internal ImmutableArray<IOpenedSweep> Open
    {
        get
        {
            lock (_gate)
            {
                return [.. _sweeps.Values.Select(static entry => entry.Sweep)];
            }
        }
    }

    /// <summary>How many sweeps are open, and what they may take of the memory for them.</summary>
    internal (int Sweeps, long UsedBytes, long LimitBytes) Memory
    {
        get
        {
            lock (_gate)
            {
                return (_sweeps.Count + _left.Count, _memory.Limit - _memory.Free, _memory.Limit);
            }
        }
    }

    /// <summary>A job ended.</summary>
    /// <param name="sweep">What it entered.</param>
    internal void Leave(IOpenedSweep sweep)
    {
        lock (_gate)
        {
            if (_left.TryGetValue(sweep, out Entry? left))
            {
                if (--left.Running == 0)
                {
                    _left.Remove(sweep);
                    Close(left);
                }

                return;
            }

            Entry entry = _sweeps.Values.First(entry => ReferenceEquals(entry.Sweep, sweep));
            entry.Running--;
            entry.Left = _time.GetTimestamp();
        }
    }

    /// <summary>Closes every sweep. Not while a job runs.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (Entry entry in _sweeps.Values.Concat(_left.Values))
        {
            entry.Sweep.Dispose();
        }

        _opening.Dispose();
        return ValueTask.CompletedTask;
    }

    private IOpenedSweep? TryEnter(string sweepId, long? life)
    {
        lock (_gate)
        {
            if (!_sweeps.TryGetValue(sweepId, out Entry? entry))
            {
                return null;
            }

            if (life < entry.Life)
            {
                throw new SweepSetAsideException($"sweep {sweepId}: was removed and handed in again; the job is of the one before.", null, s_pause);
            }

            if (!entry.MayBeOf(life))
            {
                Abandon(sweepId);
                return null;
            }

            entry.Life = life ?? entry.Life;

            if (_next is { } next && _time.GetElapsedTime(next.Since) >= s_turn && _time.GetElapsedTime(next.Asked) < s_patience)
            {
                if (_time.GetElapsedTime(next.Since) >= s_turn * 2)
                {
                    _next = next with { Since = _time.GetTimestamp() }; // whatever runs here takes long: the slots are not left idle for it
                    entry.Running++;
                    return entry.Sweep;
                }

                throw new SweepSetAsideException($"sweep {sweepId}: begins no job here until the sweep {next.SweepId} has room.", null, s_pause);
            }

            entry.Running++;
            return entry.Sweep;
        }
    }

    /// <summary>Opens a sweep. Whatever goes wrong with that is no fault of the job that asked.</summary>
    private async Task OpenAsync(string sweepId, long? life, CancellationToken cancellationToken)
    {
        try
        {
            ImmutableArray<SweepRecord> sweeps = await _store.ListSweepsAsync(cancellationToken);
            SweepRecord sweep = sweeps.FirstOrDefault(sweep => sweep.Id == sweepId) ?? throw new SweepSetAsideException($"sweep {sweepId}: was removed.", null, s_pause);
            await CloseFinishedAsync(sweeps, cancellationToken);
            MakeRoom(sweep, sweep.Needs);
            await OpenAsync(sweep, life, cancellationToken);
        }
        catch (Exception error) when (error is not (OperationCanceledException or SweepSetAsideException) && JobFailures.MayPass(error))
        {
            throw SetAside(sweepId, error, mayPass: true);
        }
    }

    private async Task OpenAsync(SweepRecord sweep, long? life, CancellationToken cancellationToken)
    {
        IOpenedSweep opened;
        try
        {
            opened = await _open(sweep, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException && JobFailures.MayPass(error))
        {
            throw SetAside(sweep.Id, error, mayPass: !JobFailures.BelongsTo(JobKind.Trial, error));
        }

        try
        {
            MakeRoom(sweep, opened.Needs); // what is known now; whoever handed it in may not have known
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        lock (_gate)
        {
            _memory.Take(opened);
            _sweeps.Add(sweep.Id, new Entry(opened) { Life = life });
            _failures.Remove(sweep.Id);
            _next = _next?.SweepId == sweep.Id ? null : _next;
        }

        if (_log.IsOn)
        {
            _log.SweepOpened(sweep.Id, sweep.Name);
        }
        else
        {
            _notice($"sweep {sweep.Id}: working on '{sweep.Name}'");
        }
    }

    /// <summary>Closes sweeps that have no running job, the one that was left first first, until another one fits.</summary>
    /// <exception cref="SweepSetAsideException">It does not fit beside those that run.</exception>
    private void MakeRoom(SweepRecord sweep, SweepNeeds needs)
    {
        lock (_gate)
        {
            while (!_memory.Fits(needs))
            {
                if (_sweeps.Where(entry => entry.Value.Running == 0).OrderBy(entry => entry.Value.Left).Select(entry => entry.Key).FirstOrDefault() is { } idle)
                {
                    Abandon(idle);
                    continue;
                }

                if (!_memory.FitsAlone(needs))
                {
                    return; // opening it says so, or the filter that keeps such sweeps away
                }

                long now = _time.GetTimestamp();
                if (_next is not { } next || _time.GetElapsedTime(next.Asked) >= s_patience)
                {
                    _next = (sweep.Id, now, now);
                }
                else if (next.SweepId == sweep.Id)
                {
                    _next = next with { Asked = now };
                }

                throw new SweepSetAsideException($"sweep {sweep.Id}: waits for {needs.SharedBytes >> 20} MiB and more beside the sweeps that run here.", null, s_pause);
            }
        }
    }

    private async Task CloseFinishedAsync(ImmutableArray<SweepRecord> sweeps, CancellationToken cancellationToken)
    {
        string[] idle;
        lock (_gate)
        {
            idle = [.. _sweeps.Where(entry => entry.Value.Running == 0).Select(entry => entry.Key)];
        }

        foreach (string id in idle)
        {
            if (sweeps.All(sweep => sweep.Id != id) || await IsOverAsync(id, cancellationToken))
            {
                lock (_gate)
                {
                    if (_sweeps.TryGetValue(id, out Entry? entry) && entry.Running == 0)
                    {
                        Abandon(id);
                    }
                }
            }
        }
    }

    private async Task<bool> IsOverAsync(string sweepId, CancellationToken cancellationToken)
    {
        try
        {
            return (await _store.ReadStatusAsync(sweepId, cancellationToken)).IsFinished;
        }
        catch (ArgumentException)
        {
            return true; // somebody removed it just now
        }
    }

    /// <summary>Closes a sweep, at once or when its last job has ended; until then its memory is taken.</summary>
    private void Abandon(string sweepId)
    {
        _sweeps.Remove(sweepId, out Entry? entry);
        if (entry!.Running > 0)
        {
            _left.Add(entry.Sweep, entry);
        }
        else
        {
            Close(entry);
        }
    }

    private void Close(Entry entry)
    {
        _memory.Return(entry.Sweep);
        entry.Sweep.Dispose();
    }

    /// <summary>Says why a sweep cannot be opened. Where that may pass, it is tried again after a pause that doubles.</summary>
    private SweepSetAsideException SetAside(string sweepId, Exception error, bool mayPass)
    {
        int failures = _failures.GetValueOrDefault(sweepId);
        _failures[sweepId] = failures + 1;
        TimeSpan? pause = mayPass ? RetryPause.After(failures) : null;
        SweepSetAsideException setAside = new(
            $"sweep {sweepId}: set aside on this silo {(pause is null ? "until it is started again" : "for a while")}: {JobFailures.Describe(error)}", error, pause);
        if (failures == 0 && _log.IsOn)
        {
            _log.SweepSetAside(sweepId, setAside.Message);
        }
        else if (failures == 0)
        {
            _notice(setAside.Message);
        }

        return setAside;
    }

    /// <summary>An open sweep.</summary>
    private sealed class Entry(IOpenedSweep sweep)
    {
        internal IOpenedSweep Sweep { get; } = sweep;

        internal int Running { get; set; }

        internal long Left { get; set; }

        /// <summary>Which life of the sweep it is; null: not known, nobody but onlookers came yet.</summary>
        internal long? Life { get; set; }

        /// <summary>Whether it serves who comes for a life. Of one that is not known, onlookers who are here would know if it was over.</summary>
        internal bool MayBeOf(long? life) => life is null || (Life is { } known ? known == life : Running > 0);
    }
}
