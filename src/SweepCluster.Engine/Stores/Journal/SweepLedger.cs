using System.Runtime.InteropServices;
using SweepCluster.Engine.Indexes;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>One sweep in memory: where its jobs and results are in the journal, and who holds which job now. Guarded by the store's lock.</summary>
internal sealed class SweepLedger
{
    private readonly PagedList<JobSlot> _jobs = new();
    private readonly PagedList<ResultSlot> _results = new();
    private readonly KeyIndex _byKey;
    private readonly Dictionary<KeyHash, List<int>> _bySubject = []; // where it is not the key
    private readonly DurableCount _jobsOnDisk = new();
    private readonly DurableCount _resultsOnDisk = new();
    private readonly JobQueue _queue;
    private readonly Func<SweepLedger, FailedAttempt, Task> _failed;
    private int _recordedBefore; // every job before this place has a result,
    private int _allBefore; // and all of those are on disk when so many results are

    /// <summary>A sweep without jobs.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="life">Number of the sweep among all that were ever added.</param>
    /// <param name="control">What is asked of it.</param>
    /// <param name="failed">Journals a failed attempt; gives what completes when it is on disk.</param>
    internal SweepLedger(SweepRecord sweep, long life, SweepControl control, Func<SweepLedger, FailedAttempt, Task> failed)
    {
        Sweep = sweep;
        Life = life;
        Control = control;
        _failed = failed;
        _byKey = new KeyIndex(place => _jobs[place].Key);
        _queue = new JobQueue(place => _jobs[place].Place > 0);
    }

    internal SweepRecord Sweep { get; }

    /// <summary>What its claims carry as <see cref="Stores.Claim.Life"/>.</summary>
    internal long Life { get; }

    /// <summary>What is asked of it.</summary>
    internal SweepControl Control { get; private set; }

    /// <summary>Jobs, those on their way to disk among them.</summary>
    internal int JobCount => _jobs.Count;

    /// <summary>Results, those on their way to disk among them.</summary>
    internal int ResultCount => _results.Count;

    /// <summary>Jobs that are on disk.</summary>
    internal int JobsOnDisk => _jobsOnDisk.Value;

    /// <summary>Results that are on disk.</summary>
    internal int ResultsOnDisk => _resultsOnDisk.Value;

    internal int LeasedCount => _queue.LeasedCount;

    /// <summary>When it was added; null where the journal does not tell.</summary>
    internal DateTimeOffset? Added { get; set; }

    internal bool IsFinished => _jobs.Count > 0 && _results.Count == _jobs.Count;

    /// <summary>Refuses jobs whose place or keys are taken.</summary>
    /// <exception cref="StoreConflictException">They are.</exception>
    internal void CheckAppend(long expectedSequence, List<JournalJobMark> marks, IReadOnlyList<Job> jobs)
    {
        if (expectedSequence != _jobs.Count)
        {
            throw new StoreConflictException($"sweep {Sweep.Id}: found {_jobs.Count} jobs, expected {expectedSequence}; another coordinator was first.");
        }

        HashSet<KeyHash> keys = [];
        for (int i = 0; i < marks.Count; i++)
        {
            if (_byKey.Find(marks[i].Key) is not null || !keys.Add(marks[i].Key))
            {
                throw new StoreConflictException($"sweep {Sweep.Id}: found a second job with the key {jobs[i].Key}, expected one.");
            }
        }
    }

    /// <summary>Appends jobs that were checked.</summary>
    /// <param name="payload">The record that they are in.</param>
    /// <param name="position">Where it lies in the file.</param>
    /// <param name="marks">Where they lie in it.</param>
    /// <param name="durable">Completes when they are on disk.</param>
    internal void Append(ReadOnlySpan<byte> payload, long position, List<JournalJobMark> marks, Task durable)
    {
        foreach (ref JournalJobMark mark in CollectionsMarshal.AsSpan(marks))
        {
            int sequence = _jobs.Count;
            bool hasOwnSubject = mark.Subject != mark.Key;
            _jobs.Add(new JobSlot { Key = mark.Key, Kind = mark.Kind, HasOwnSubject = hasOwnSubject, Text = JournalSpan.Of(payload, position, mark.Text) });
            _byKey.Add(sequence);
            if (hasOwnSubject)
            {
                ref List<int>? alike = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySubject, mark.Subject, out _);
                (alike ??= []).Add(sequence);
            }
        }

        _jobsOnDisk.Add(_jobs.Count, durable);
        _queue.Grow(_jobs.Count);
    }

    /// <summary>Results that are failures.</summary>
    internal long Failures { get; private set; }

    /// <summary>Sets a job's result.</summary>
    internal void Record(int sequence, JournalSpan text, bool isFailure, Task durable)
    {
        _results.Add(new ResultSlot(text, sequence, isFailure));
        Failures += isFailure ? 1 : 0;
        _resultsOnDisk.Add(_results.Count, durable);
        _jobs[sequence].Place = _results.Count;
        _queue.Remove(sequence);
        while (_recordedBefore < _jobs.Count && _jobs[_recordedBefore].Place > 0)
        {
            _recordedBefore++;
            _allBefore = _results.Count; // results reach the disk in the order in which they are recorded, and this is the last of them
        }
    }

    /// <summary>Changes what is asked; where it runs again that did not, failed attempts are forgotten.</summary>
    internal void Change(SweepControl control)
    {
        if (control.Phase == SweepPhase.Running && Control.Phase != SweepPhase.Running)
        {
            _queue.Forgive();
        }

        Control = control;
    }

    /// <summary>Claims the first job that is free, or null.</summary>
    internal (int Sequence, long Epoch, JobAttempts Attempts)? Claim(string silo, long since, long until) =>
        _queue.Claim(silo, since, until, JobsOnDisk, IsReady) is { } sequence ? (sequence, _queue.EpochOf(sequence), _queue.AttemptsAt(sequence)) : null;

    /// <summary>Where jobs lie, from a place on.</summary>
    internal JournalSpan[] JobTexts(long from, int limit) => Slice(from, limit, JobsOnDisk, place => _jobs[place].Text);

    /// <summary>Where a job lies.</summary>
    internal JournalSpan JobText(int sequence) => _jobs[sequence].Text;

    /// <summary>Results on disk after a place.</summary>
    internal StoredResult[] Results(long after, int limit) => Slice(after, limit, ResultsOnDisk, ResultAt);

    /// <summary>The result of a job, and when it is on disk; null where it has none.</summary>
    internal (StoredResult Result, Task Durable)? ResultOf(int sequence) =>
        _jobs[sequence].Place is > 0 and int place ? (ResultAt(place - 1), _resultsOnDisk.Of(place)) : null;

    /// <summary>Results without failure of jobs about a subject, on disk.</summary>
    internal IEnumerable<StoredResult> FindResults(KeyHash subject)
    {
        IEnumerable<int> alike = _bySubject.GetValueOrDefault(subject) ?? [];
        if (_byKey.Find(subject) is { } own && !_jobs[own].HasOwnSubject)
        {
            alike = alike.Append(own);
        }

        int onDisk = ResultsOnDisk;
        return alike.Select(sequence => _jobs[sequence].Place).Where(place => place > 0 && place <= onDisk && !_results[place - 1].IsFailure).Order().Select(place => ResultAt(place - 1));
    }

    /// <summary>The place of a claim's job.</summary>
    /// <exception cref="ArgumentException">It was never given out.</exception>
    internal int Find(Claim claim) =>
        claim.Sequence < _jobs.Count && _jobs[(int)claim.Sequence].Key == KeyHash.Of(claim.Job.Key) && claim.Epoch <= _queue.EpochOf((int)claim.Sequence)
            ? (int)claim.Sequence
            : throw new ArgumentException($"Sweep {Sweep.Id} never gave out job {claim.Sequence} with the key {claim.Job.Key} at epoch {claim.Epoch}.", nameof(claim));

    /// <summary>Makes a claim hold until then.</summary>
    /// <returns>Whether it still held.</returns>
    internal bool Renew(Claim claim, long until)
    {
        int sequence = Find(claim);
        if (_queue.Find(sequence, claim.Epoch) is not { } lease || Control.Phase == SweepPhase.Cancelled)
        {
            return false;
        }

        _queue.Renew(sequence, lease, until);
        return true;
    }

    /// <summary>Makes the job of a claim that holds free again.</summary>
    internal void Release(Claim claim)
    {
        int sequence = Find(claim);
        if (_queue.Find(sequence, claim.Epoch) is not null)
        {
            _queue.Release(sequence);
        }
    }

    /// <summary>Counts a failed attempt at the job of a claim that holds.</summary>
    /// <returns>Completes when that is on disk.</returns>
    internal Task Fail(Claim claim, string reason, long? until)
    {
        int sequence = Find(claim);
        return _queue.Find(sequence, claim.Epoch) is { } lease ? Fail(sequence, lease.Silo, reason, until) : Task.CompletedTask;
    }

    /// <summary>Counts a failed attempt that the journal tells of.</summary>
    internal void Recall(int sequence, string reason) => _queue.Recall(sequence, reason);

    /// <summary>Lets the clock go on: leases that ran out are attempts that failed.</summary>
    internal void Advance(long now)
    {
        foreach ((int sequence, string silo) in _queue.Advance(now))
        {
            Fail(sequence, silo, Stores.Claim.SiloLost, null);
        }
    }

    /// <summary>Leases of one silo.</summary>
    /// <summary>Jobs that somebody holds, with where their text is.</summary>
    internal (int Sequence, JobLease Lease, JournalSpan Text)[] Held => [.. _queue.Held.Select(entry => (entry.Sequence, entry.Lease, _jobs[entry.Sequence].Text))];

    internal int LeasedBy(string silo) => _queue.LeasedBy(silo);

    private static T[] Slice<T>(long from, int limit, int count, Func<int, T> at)
    {
        int first = (int)Math.Clamp(from, 0, count);
        T[] slice = new T[Math.Clamp(limit, 0, count - first)];
        for (int i = 0; i < slice.Length; i++)
        {
            slice[i] = at(first + i);
        }

        return slice;
    }

    private StoredResult ResultAt(int index) => new(index + 1, _results[index], _jobs[_results[index].Job].Text);

    private Task Fail(int sequence, string silo, string reason, long? until) =>
        _failed(this, new FailedAttempt(_jobs[sequence].Kind, sequence, silo, _queue.Fail(sequence, reason, until), reason));

    /// <summary>A coordinator reads what is recorded, so it waits for every job before it.</summary>
    private bool IsReady(int sequence) => _jobs[sequence].Kind != JobKind.Coordinate || (_recordedBefore >= sequence && ResultsOnDisk >= _allBefore);
}
