using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>One sweep in memory: what its journal says, and who holds which job now. Guarded by the store's lock.</summary>
internal sealed class SweepLedger(SweepRecord sweep)
{
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _open = [];
    private readonly PriorityQueue<(int Sequence, long Epoch), long> _leases = new();

    internal SweepRecord Sweep { get; } = sweep;

    internal List<JobEntry> Jobs { get; } = [];

    /// <summary>Recorded jobs in the order of the journal; the last ones may still be on their way to disk.</summary>
    internal List<JobEntry> Results { get; } = [];

    internal int LeasedCount => Jobs.Count - Results.Count - _open.Count;

    /// <summary>Results that are on disk.</summary>
    internal int DurableCount
    {
        get
        {
            int count = Results.Count; // they reach the disk in order, so only the last few can be missing
            while (count > 0 && !Results[count - 1].Durable!.IsCompletedSuccessfully)
            {
                count--;
            }

            return count;
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
            _byKey.Add(job.Key, Jobs.Count);
            _open.Add(Jobs.Count);
            Jobs.Add(new JobEntry(Jobs.Count, job, durable));
        }
    }

    /// <summary>Sets a job's result.</summary>
    internal void Record(JobEntry entry, JobResult result, Task durable)
    {
        entry.Result = result;
        entry.Durable = durable;
        entry.Silo = null;
        Results.Add(entry);
        _open.Remove(entry.Sequence);
    }

    /// <summary>Claims the first job that is free, or null.</summary>
    internal JobEntry? Claim(string silo, long now, long until)
    {
        ReleaseExpired(now);
        foreach (int sequence in _open)
        {
            JobEntry entry = Jobs[sequence];
            if (!entry.Appended.IsCompletedSuccessfully)
            {
                return null; // not on disk yet, nor is what follows
            }

            if (entry.Job.Kind == JobKind.Coordinate && !(Results.Count >= sequence && DurableCount == Results.Count && AllRecordedBefore(sequence)))
            {
                continue;
            }

            _open.Remove(sequence);
            entry.Epoch++;
            entry.Silo = silo;
            Lease(entry, until);
            return entry;
        }

        return null;
    }

    /// <summary>Makes a lease hold until then.</summary>
    internal void Lease(JobEntry entry, long until)
    {
        entry.LeasedUntil = until;
        _leases.Enqueue((entry.Sequence, entry.Epoch), until);
    }

    /// <summary>Makes a job free again.</summary>
    internal void Release(JobEntry entry)
    {
        entry.Silo = null;
        _open.Add(entry.Sequence);
    }

    /// <summary>Frees the jobs whose lease has run out.</summary>
    internal void ReleaseExpired(long now)
    {
        while (_leases.TryPeek(out (int Sequence, long Epoch) lease, out long until) && until <= now)
        {
            _leases.Dequeue();
            JobEntry entry = Jobs[lease.Sequence];
            if (entry.Silo is not null && entry.Epoch == lease.Epoch && entry.LeasedUntil <= now)
            {
                Release(entry);
            }
        }
    }

    private bool AllRecordedBefore(int sequence)
    {
        // Everything open or leased comes at this place or later.
        int recorded = 0;
        foreach (JobEntry entry in Jobs.Take(sequence))
        {
            recorded += entry.Result is null ? 0 : 1;
        }

        return recorded == sequence;
    }
}
