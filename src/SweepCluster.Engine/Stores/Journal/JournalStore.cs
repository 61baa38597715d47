using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Indexes;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>The store of one process: an append-only file with group commit. Memory holds where each job and result lies in it; their text is read when it is asked for. Leases and silos live in memory alone: they end with the process. Failed attempts are journaled.</summary>
public sealed partial class JournalStore : ISweepStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly JournalLock? _lock;
    private readonly JournalWriter? _writer;
    private readonly JournalText _text;
    private readonly OrderedDictionary<string, SweepLedger> _sweeps = new(StringComparer.Ordinal);
    private readonly EventLog _events = new();
    private readonly SiloBook _silos = new();
    private readonly ChangeSignal _changes = new();
    private long _lives; // sweeps that were ever added, as the journal tells
    private SweepLedger? _replayed; // of the record before, while the journal is read

    private JournalStore(string folder, TimeProvider time, Func<string, string>? saysTaken)
    {
        _time = time;
        string path = PathIn(folder);
        if (saysTaken is null) // nobody is kept away: it is only read
        {
            JournalReader.Read(path, Replay);
            _text = new JournalText(path);
            return;
        }

        Durably.CreateFolder(folder);
        _lock = JournalLock.Take(folder, saysTaken);
        try
        {
            _writer = Open(folder, path);
            _text = new JournalText(path);
        }
        catch
        {
            _writer?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Where the journal of a folder is.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "journal");

    /// <summary>Opens the journal of a folder, or starts one. A write that never finished is cut from its end.</summary>
    /// <param name="folder">The folder; made where it does not exist.</param>
    /// <param name="time">The clock that leases go by.</param>
    /// <exception cref="BadInputException">The folder cannot be written, another process has it open, or it is no sound journal of this version; names file and byte.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full.</exception>
    public static JournalStore Open(string folder, TimeProvider time) =>
        Open(folder, time, static owner => $"found a sweep that {owner} is running, expected one that nobody runs; wait for it or stop it.");

    /// <summary>The same for a folder that is more than one sweep's.</summary>
    /// <param name="folder">The folder; made where it does not exist.</param>
    /// <param name="time">The clock that leases go by.</param>
    /// <param name="saysTaken">What was found and what was expected, where a process has it open, which is called as <c>process 4711</c>.</param>
    internal static JournalStore Open(string folder, TimeProvider time, Func<string, string> saysTaken)
    {
        try
        {
            return new JournalStore(Path.GetFullPath(folder), time, saysTaken);
        }
        catch (IOException error) when (Durably.IsDiskFull(error))
        {
            throw new StoreUnavailableException($"{folder}: cannot be written ({error.Message.TrimEnd('.')}); everything recorded before is kept, resume when there is room.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder}: cannot be written ({error.Message.TrimEnd('.')}), expected a folder for a sweep's journal.", error);
        }
    }

    /// <summary>Reads the journal of a folder as it is now, whoever has it open; nothing can be written or claimed.</summary>
    /// <exception cref="BadInputException">It is no sound journal of this version; names file and byte.</exception>
    /// <exception cref="IOException">There is none.</exception>
    public static JournalStore OpenReadOnly(string folder) => new(Path.GetFullPath(folder), TimeProvider.System, saysTaken: null);

    /// <inheritdoc/>
    public async Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        control = control.OnOneLine();
        byte[] record = Serialize(new JournalEntry.SweepAdded(sweep, control == SweepControl.Default ? null : control, JournalJob.From(jobs)));
        JournalMark mark = JournalIndex.Read(record, sweep.Id);
        Task durable;
        lock (_gate)
        {
            if (_sweeps.TryGetValue(sweep.Id, out SweepLedger? existing))
            {
                return existing.Sweep with { Request = sweep.Request, Needs = sweep.Needs } == sweep ? false : throw new StoreConflictException(
                    $"sweep {sweep.Id}: found another spec, model, data or version under this id.");
            }

            SweepLedger ledger = new(sweep, ++_lives, control, TellOfFailure);
            ledger.CheckAppend(0, mark.Jobs, jobs);
            durable = Writer.AppendAsync(record, out long position);
            ledger.Append(record, position, mark.Jobs, durable);
            _sweeps.Add(sweep.Id, ledger);
            Tell(StoreEventKind.Submitted, sweep, EventText.Submitted(sweep.Name, control));
        }

        await durable.WaitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<ImmutableArray<SweepRecord>>([.. _sweeps.Values.Select(ledger => ledger.Sweep)]);
        }
    }

    /// <inheritdoc/>
    public async Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken)
    {
        Task durable;
        SweepControl after;
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            SweepControl before = ledger.Control;
            after = change(before).OnOneLine();
            if (after == before)
            {
                return before;
            }

            durable = Writer.AppendAsync(Serialize(new JournalEntry.SweepChanged(sweepId, after)), out _);
            ledger.Change(after);
            Tell(StoreEventKind.Changed, ledger.Sweep, EventText.Changed(ledger.Sweep.Name, before, after));
        }

        await durable.WaitAsync(cancellationToken);
        return after;
    }

    /// <inheritdoc/>
    /// <remarks>The file keeps the bytes: it belongs to one result folder and goes with it.</remarks>
    public async Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken)
    {
        Task durable;
        lock (_gate)
        {
            if (!_sweeps.TryGetValue(sweepId, out SweepLedger? ledger))
            {
                return;
            }

            if (ledger.Control.Phase == SweepPhase.Running && !ledger.IsFinished)
            {
                throw new StoreConflictException($"sweep {sweepId}: found it running with {ledger.ResultCount} of {ledger.JobCount} jobs recorded, expected one that is finished, paused or cancelled.");
            }

            durable = Writer.AppendAsync(Serialize(new JournalEntry.SweepRemoved(sweepId)), out _);
            _sweeps.Remove(sweepId);
            Tell(StoreEventKind.Removed, ledger.Sweep, EventText.Removed(ledger.Sweep.Name));
        }

        await durable.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        byte[] record = Serialize(new JournalEntry.JobsAppended(sweepId, expectedSequence, JournalJob.From(jobs)));
        JournalMark mark = JournalIndex.Read(record, sweepId);
        Task durable;
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            ledger.CheckAppend(expectedSequence, mark.Jobs, jobs);
            durable = Writer.AppendAsync(record, out long position);
            ledger.Append(record, position, mark.Jobs, durable);
        }

        await durable.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken)
    {
        JournalSpan[] texts;
        lock (_gate)
        {
            texts = Ledger(sweepId).JobTexts(from, limit);
        }

        JournalText.Pass pass = _text.Begin(several: texts.Length > 2);
        return Task.FromResult<ImmutableArray<QueuedJob>>([.. texts.Select((text, index) => new QueuedJob(from + index, pass.ReadJob(text)))]);
    }

    /// <inheritdoc/>
    public async Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken)
    {
        result = result.OnOneLine();
        byte[] record = Serialize(new JournalEntry.ResultRecorded(
            claim.SweepId, claim.Sequence, result.Payload, result.Failure, proposals.Count == 0 ? null : JournalJob.From(proposals)));
        JournalMark mark = JournalIndex.Read(record, claim.SweepId);
        (StoredResult Result, Task Durable)? before;
        Task durable;
        lock (_gate)
        {
            SweepLedger ledger = LedgerOf(claim) ?? throw new StoreConflictException($"sweep {claim.SweepId}: found that it was removed, expected one to record a result in.");
            int sequence = ledger.Find(claim);
            before = ledger.ResultOf(sequence);
            if (before is { } first)
            {
                durable = first.Durable;
            }
            else
            {
                if (proposals.Count > 0)
                {
                    ledger.CheckAppend(claim.Sequence + 1, mark.Jobs, proposals);
                }

                durable = Writer.AppendAsync(record, out long position);
                ledger.Record(sequence, JournalSpan.Of(record, position, mark.Text), mark.IsFailure, durable);
                ledger.Append(record, position, mark.Jobs, durable);
                TellOfResult(ledger, claim, result);
            }
        }

        await durable.WaitAsync(cancellationToken);
        if (before is { Result: var recorded })
        {
            ThrowIfDifferent(claim, _text.Begin(several: false).ReadResult(recorded.Slot.Text, recorded.Slot.IsFailure), result);
        }

        return before is null ? RecordOutcome.Recorded : RecordOutcome.Superseded;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken)
    {
        StoredResult[] results;
        lock (_gate)
        {
            results = Ledger(sweepId).Results(after, limit);
        }

        return Task.FromResult(Read(results));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<ResultOrigin>.Empty); // every job was done here; the result folder's own log says when

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken)
    {
        KeyHash hash = KeyHash.Of(subject);
        StoredResult[] results;
        lock (_gate)
        {
            results = [.. _sweeps.Values.SelectMany(ledger => ledger.FindResults(hash))];
        }

        return Task.FromResult(Read(results));
    }

    /// <inheritdoc/>
    public Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            ledger.Advance(_time.GetTimestamp());
            return Task.FromResult(new SweepStatus(ledger.JobCount, ledger.ResultsOnDisk, ledger.LeasedCount) { Control = ledger.Control, Failures = ledger.Failures, Added = ledger.Added });
        }
    }

    /// <inheritdoc/>
    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    /// <summary>Writes what is on its way, closes the file and gives the folder back.</summary>
    public ValueTask DisposeAsync()
    {
        _writer?.Dispose();
        _text.Dispose();
        _lock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Serialize(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);

    private static void ThrowIfDifferent(Claim claim, JobResult first, JobResult second)
    {
        if (first.Contradicts(second))
        {
            throw new ResultConflictException(
                $"sweep {claim.SweepId}, job {claim.Sequence} ({claim.Job.Kind} {claim.Job.Key}), epoch {claim.Epoch} on {claim.Silo}: found another result than the recorded one, expected the same bytes.");
        }
    }

    private JournalWriter Writer => _writer ?? throw new InvalidOperationException("The journal was opened to be read only.");

    private ImmutableArray<RecordedResult> Read(StoredResult[] results)
    {
        JournalText.Pass texts = _text.Begin(several: results.Length > 2), jobs = _text.Begin(several: results.Length > 2); // results lie behind their jobs
        return [.. results.Select(result => result.Read(jobs, texts))];
    }

    private SweepLedger Ledger(string sweepId) => _sweeps.TryGetValue(sweepId, out SweepLedger? ledger)
        ? ledger
        : throw new ArgumentException($"No sweep has the id {sweepId}.", nameof(sweepId));

    private long Ticks(TimeSpan span) => (long)Math.Min(span.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 4);
}
