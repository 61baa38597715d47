using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>The store of one process: an append-only file with group commit, everything read into memory at opening. Leases, attempts and silos live in memory: they end with the process.</summary>
public sealed partial class JournalStore : ISweepStore
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly JournalLock? _lock;
    private readonly JournalWriter? _writer;
    private readonly OrderedDictionary<string, SweepLedger> _sweeps = new(StringComparer.Ordinal);
    private readonly EventLog _events = new();
    private readonly SiloBook _silos = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1;

    private JournalStore(string folder, bool readOnly, TimeProvider time)
    {
        _time = time;
        string path = PathIn(folder);
        if (readOnly)
        {
            JournalReader.Read(path, Replay);
            return;
        }

        Durably.CreateFolder(folder);
        _lock = JournalLock.Take(folder);
        try
        {
            _writer = Open(folder, path);
        }
        catch
        {
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
    public static JournalStore Open(string folder, TimeProvider time)
    {
        try
        {
            return new JournalStore(Path.GetFullPath(folder), readOnly: false, time);
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
    public static JournalStore OpenReadOnly(string folder) => new(Path.GetFullPath(folder), readOnly: true, TimeProvider.System);

    /// <inheritdoc/>
    public async Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        byte[] record = Serialize(new JournalEntry.SweepAdded(sweep, control == SweepControl.Default ? null : control, JournalJob.From(jobs)));
        Task durable;
        lock (_gate)
        {
            if (_sweeps.TryGetValue(sweep.Id, out SweepLedger? existing))
            {
                return existing.Sweep with { Request = sweep.Request, Needs = sweep.Needs } == sweep ? false : throw new StoreConflictException(
                    $"sweep {sweep.Id}: found another spec, model, data or version under this id.");
            }

            SweepLedger ledger = new(sweep, control, Tell);
            ledger.CheckAppend(0, jobs);
            durable = Writer.AppendAsync(record);
            ledger.Append(jobs, durable);
            _sweeps.Add(sweep.Id, ledger);
            Tell(StoreEventKind.Submitted, sweep, EventText.Submitted(sweep, control));
        }

        await AcknowledgeAsync(durable, cancellationToken);
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
            after = change(before);
            if (after == before)
            {
                return before;
            }

            durable = Writer.AppendAsync(Serialize(new JournalEntry.SweepChanged(sweepId, after)));
            ledger.Change(after);
            Tell(StoreEventKind.Changed, ledger.Sweep, EventText.Changed(ledger.Sweep, before, after));
        }

        await AcknowledgeAsync(durable, cancellationToken);
        return after;
    }

    /// <inheritdoc/>
    /// <remarks>The file keeps the bytes: it belongs to one result folder and goes with it.</remarks>
    public async Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken)
    {
        Task durable;
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            if (ledger.Control.Phase == SweepPhase.Running && !ledger.IsFinished)
            {
                throw new StoreConflictException($"sweep {sweepId}: found it running with {ledger.Results.Count} of {ledger.Jobs.Count} jobs recorded, expected one that is finished, paused or cancelled.");
            }

            durable = Writer.AppendAsync(Serialize(new JournalEntry.SweepRemoved(sweepId)));
            _sweeps.Remove(sweepId);
            Tell(StoreEventKind.Removed, ledger.Sweep, EventText.Removed(ledger.Sweep));
        }

        await AcknowledgeAsync(durable, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        byte[] record = Serialize(new JournalEntry.JobsAppended(sweepId, expectedSequence, JournalJob.From(jobs)));
        Task durable;
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            ledger.CheckAppend(expectedSequence, jobs);
            durable = Writer.AppendAsync(record);
            ledger.Append(jobs, durable);
        }

        await AcknowledgeAsync(durable, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            List<JobEntry> jobs = Ledger(sweepId).Jobs;
            int first = (int)Math.Min(from, jobs.Count);
            return Task.FromResult<ImmutableArray<QueuedJob>>(
                [.. jobs.GetRange(first, Math.Min(limit, jobs.Count - first)).Select(entry => new QueuedJob(entry.Sequence, entry.Job))]);
        }
    }

    /// <inheritdoc/>
    public async Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken)
    {
        byte[] record = Serialize(new JournalEntry.ResultRecorded(
            claim.SweepId, claim.Sequence, result.Payload, result.Failure, proposals.Count == 0 ? null : JournalJob.From(proposals)));
        Task durable;
        RecordOutcome outcome;
        lock (_gate)
        {
            SweepLedger ledger = Ledger(claim.SweepId);
            JobEntry entry = ledger.Find(claim);
            if (entry.Result is not null)
            {
                ThrowIfDifferent(claim, entry.Result, result);
                (outcome, durable) = (RecordOutcome.Superseded, entry.Durable!);
            }
            else
            {
                if (proposals.Count > 0)
                {
                    ledger.CheckAppend(claim.Sequence + 1, proposals);
                }

                (outcome, durable) = (RecordOutcome.Recorded, Writer.AppendAsync(record));
                ledger.Record(entry, result, durable);
                ledger.Append(proposals, durable);
                TellOfResult(ledger, claim, result);
            }
        }

        await AcknowledgeAsync(durable, cancellationToken);
        return outcome;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            int first = (int)Math.Min(after, ledger.Results.Count);
            int count = Math.Clamp(ledger.DurableCount - first, 0, limit);
            return Task.FromResult<ImmutableArray<RecordedResult>>([.. ledger.Results.GetRange(first, count).Select(
                (entry, index) => new RecordedResult(first + index + 1, entry.Sequence, entry.Job, entry.Result!))]);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<ImmutableArray<RecordedResult>>([.. _sweeps.Values.SelectMany(ledger => ledger.FindResults(subject))
                .Select(entry => new RecordedResult(entry.Place, entry.Sequence, entry.Job, entry.Result!))]);
        }
    }

    /// <inheritdoc/>
    public Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SweepLedger ledger = Ledger(sweepId);
            ledger.Advance(_time.GetTimestamp());
            return Task.FromResult(new SweepStatus(ledger.Jobs.Count, ledger.DurableCount, ledger.LeasedCount) { Control = ledger.Control });
        }
    }

    /// <inheritdoc/>
    public async Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_version != seen)
                {
                    return _version;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes what is on its way, closes the file and gives the folder back.</summary>
    public ValueTask DisposeAsync()
    {
        _writer?.Dispose();
        _lock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Serialize(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);

    private static void ThrowIfDifferent(Claim claim, JobResult first, JobResult second)
    {
        if (first != second)
        {
            throw new ResultConflictException(
                $"sweep {claim.SweepId}, job {claim.Sequence} ({claim.Job.Kind} {claim.Job.Key}), epoch {claim.Epoch} on {claim.Silo}: found another result than the recorded one, expected the same bytes.");
        }
    }

    private JournalWriter Writer => _writer ?? throw new InvalidOperationException("The journal was opened to be read only.");

    private JournalWriter Open(string folder, string path)
    {
        bool isNew = !File.Exists(path);
        long length = isNew ? 0 : JournalReader.Read(path, Replay);
        Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        try
        {
            if (length == 0)
            {
                RandomAccess.Write(file, JournalFormat.Header(), 0);
                length = JournalFormat.HeaderLength;
            }

            RandomAccess.SetLength(file, length);
            RandomAccess.FlushToDisk(file);
            Durably.FlushFolder(folder);
            return new JournalWriter(path, file, length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Replay(JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.SweepAdded added:
                SweepLedger sweep = new(added.Sweep.Needs is null ? added.Sweep with { Needs = SweepNeeds.None } : added.Sweep, added.Control ?? SweepControl.Default, Tell);
                sweep.Append(added.Jobs.Select(job => job.ToJob()), Task.CompletedTask);
                _sweeps.Add(added.Sweep.Id, sweep);
                break;
            case JournalEntry.SweepChanged changed:
                Ledger(changed.Sweep).Change(changed.Control);
                break;
            case JournalEntry.SweepRemoved removed:
                _sweeps.Remove(removed.Sweep);
                break;
            case JournalEntry.EventHappened happened:
                _events.Add(happened, Task.CompletedTask);
                break;
            case JournalEntry.JobsAppended appended:
                Ledger(appended.Sweep).Append(appended.Jobs.Select(job => job.ToJob()), Task.CompletedTask);
                break;
            case JournalEntry.ResultRecorded recorded:
                SweepLedger ledger = Ledger(recorded.Sweep);
                ledger.Record(ledger.Jobs[(int)recorded.Job], new JobResult(recorded.Payload, recorded.Failure), Task.CompletedTask);
                ledger.Append((recorded.Next ?? []).Select(job => job.ToJob()), Task.CompletedTask);
                break;
        }
    }

    private SweepLedger Ledger(string sweepId) => _sweeps.TryGetValue(sweepId, out SweepLedger? ledger)
        ? ledger
        : throw new ArgumentException($"No sweep has the id {sweepId}.", nameof(sweepId));

    private long Ticks(TimeSpan span) => (long)Math.Min(span.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 4);

    private Task AcknowledgeAsync(Task durable, CancellationToken cancellationToken)
    {
        return AnnounceWhenOnDiskAsync().WaitAsync(cancellationToken); // whoever waits for a change hears of it even if this caller gives up

        async Task AnnounceWhenOnDiskAsync()
        {
            await durable;
            Announce();
        }
    }

    private void Announce()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _version++;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
