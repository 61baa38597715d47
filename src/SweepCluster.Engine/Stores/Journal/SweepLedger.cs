using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>One sweep in memory: what its journal says, and who holds which job now. Guarded by the store's lock.</summary>
internal sealed class SweepLedger
{
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _bySubject = new(StringComparer.Ordinal); // where it is not the key
    private readonly JobQueue _queue;
    private readonly Func<StoreEventKind, SweepRecord, string, Task> _tell;
    private int _appended; // jobs that are on disk
    private int _durable; // results that are on disk
    private int _recordedBefore; // every job before this place has a result,
    private Task _allBefore = Task.CompletedTask; // and all of those are on disk when this completes

    /// <summary>A sweep without jobs.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="control">What is asked of it.</param>
    /// <param name="tell">Told of events.</param>
    internal SweepLedger(SweepRecord sweep, SweepControl control, Func<StoreEventKind, SweepRecord, string, Task> tell)
    {
        Sweep = sweep;
        Control = control;
        _tell = tell;
        _queue = new JobQueue(sequence => Jobs[sequence].Result is not null);
    }

    internal SweepRecord Sweep { get; }

    /// <summary>What is asked of it.</summary>
    internal SweepControl Control { get; private set; }

    internal List<JobEntry> Jobs { get; } = [];

    /// <summary>Recorded jobs in the order of the journal; the last ones may still be on their way to disk.</summary>
    internal List<JobEntry> Results { get; } = [];

    internal int LeasedCount => _queue.LeasedCount;

    internal bool IsFinished => Jobs.Count > 0 && Results.Count == Jobs.Count;

    /// <summary>Results that are on disk.</summary>
    internal int DurableCount
    {
        get
        {
            while (_durable < Results.Count && Results[_durable].Durable!.IsCompletedSuccessfully)
            {
                _durable++;
            }

            return _durable;
        }
    }

    /// <summary>Refuses jobs whose place or keys are taken.</summary>
    /// <exception cref="StoreConflictException">They are.</exception>
    internal void CheckAppend(long expectedSequence, IReadOnlyList<Job> jobs)
    {
        if (expectedSequence != Jobs.Count)
        {
            throw new StoreConflictException($"sweep {Sweep.Id}: found {Jobs.Count} jobs, expected {expectedSequence}; another coordinator was first.");
        }

        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (Job job in jobs)
        {
            if (_byKey.ContainsKey(job.Key) || !keys.Add(job.Key))
            {
                throw new StoreConflictException($"sweep {Sweep.Id}: found a second job with the key {job.Key}, expected one.");
            }
        }
    }

    /// <summary>Appends jobs that were checked.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="durable">Completes when they are on disk.</param>
    internal void Append(IEnumerable<Job> jobs, Task durable)
    {
        foreach (Job job in jobs)
        {
            int sequence = Jobs.Count;
            _byKey.Add(job.Key, sequence);
            if (job.Subject != job.Key)
            {
                if (!_bySubject.TryGetValue(job.Subject, out List<int>? alike))
                {
                    _bySubject.Add(job.Subject, alike = []);
                }

                alike.Add(sequence);
            }

            Jobs.Add(new JobEntry(sequence, job, durable));
        }

        _queue.Grow(Jobs.Count);
    }

    /// <summary>Sets a job's result.</summary>
    internal void Record(JobEntry entry, JobResult result, Task durable)
    {
        entry.Result = result;
        entry.Durable = durable;
        Results.Add(entry);
        entry.Place = Results.Count;
        _queue.Remove(entry.Sequence);
        while (_recordedBefore < Jobs.Count && Jobs[_recordedBefore].Result is not null)
        {
            _recordedBefore++;
            _allBefore = durable; // results reach the disk in the order in which they are recorded, and this is the last of them
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
    internal Claim? Claim(string silo, long until)
    {
        while (_appended < Jobs.Count && Jobs[_appended].Appended.IsCompletedSuccessfully)
        {
            _appended++;
        }

        if (_queue.Claim(silo, until, _appended, IsReady) is not { } sequence)
        {
            return null;
        }

        JobAttempts attempts = _queue.AttemptsAt(sequence);
        return new Claim(Sweep.Id, sequence, Jobs[sequence].Job, _queue.EpochOf(sequence), silo)
        {
            Attempts = attempts.Count,
            LastError = attempts.LastError,
            MaxAttempts = Control.MaxAttempts,
            TimeLimit = Control.TimeLimit,
        };
    }

    /// <summary>The job of a claim.</summary>
    /// <exception cref="ArgumentException">It was never given out.</exception>
    internal JobEntry Find(Claim claim)
    {
        JobEntry? entry = claim.Sequence < Jobs.Count ? Jobs[(int)claim.Sequence] : null;
        return entry is not null && entry.Job.Key == claim.Job.Key && claim.Epoch <= _queue.EpochOf(entry.Sequence)
            ? entry
            : throw new ArgumentException($"Sweep {Sweep.Id} never gave out job {claim.Sequence} with the key {claim.Job.Key} at epoch {claim.Epoch}.", nameof(claim));
    }

    /// <summary>Makes a claim hold until then.</summary>
    /// <returns>Whether it still held.</returns>
    internal bool Renew(Claim claim, long until)
    {
        JobEntry entry = Find(claim);
        if (_queue.Find(entry.Sequence, claim.Epoch) is not { } lease || Control.Phase == SweepPhase.Cancelled)
        {
            return false;
        }

        _queue.Renew(entry.Sequence, lease, until);
        return true;
    }

    /// <summary>Makes the job of a claim that holds free again.</summary>
    internal void Release(Claim claim)
    {
        JobEntry entry = Find(claim);
        if (_queue.Find(entry.Sequence, claim.Epoch) is not null)
        {
            _queue.Release(entry.Sequence);
        }
    }

    /// <summary>Counts a failed attempt at the job of a claim that holds.</summary>
    internal void Fail(Claim claim, string reason, long? until)
    {
        JobEntry entry = Find(claim);
        if (_queue.Find(entry.Sequence, claim.Epoch) is { } lease)
        {
            Fail(entry, lease.Silo, reason, until);
        }
    }

    /// <summary>Lets the clock go on: leases that ran out are attempts that failed.</summary>
    internal void Advance(long now)
    {
        foreach ((int sequence, string silo) in _queue.Advance(now))
        {
            Fail(Jobs[sequence], silo, EventText.LeaseRanOut, null);
        }
    }

    /// <summary>Leases of one silo.</summary>
    internal int LeasedBy(string silo) => _queue.LeasedBy(silo);

    /// <summary>Results without failure of jobs about a subject.</summary>
    internal IEnumerable<JobEntry> FindResults(string subject)
    {
        IEnumerable<int> alike = _bySubject.GetValueOrDefault(subject) ?? [];
        if (_byKey.TryGetValue(subject, out int own) && Jobs[own].Job.Subject == subject)
        {
            alike = alike.Append(own);
        }

        return alike.Select(sequence => Jobs[sequence]).Where(entry => entry.Result is { Failure: null } && entry.Place <= DurableCount).OrderBy(entry => entry.Place);
    }

    private void Fail(JobEntry entry, string silo, string reason, long? until)
    {
        int attempts = _queue.Fail(entry.Sequence, reason, until);
        _tell(StoreEventKind.AttemptFailed, Sweep, EventText.AttemptFailed(entry.Job.Kind, entry.Sequence, silo, attempts, Control.MaxAttempts, reason));
    }

    /// <summary>A coordinator reads what is recorded, so it waits for every job before it.</summary>
    private bool IsReady(int sequence) => Jobs[sequence].Job.Kind != JobKind.Coordinate || (_recordedBefore >= sequence && _allBefore.IsCompletedSuccessfully);
}
