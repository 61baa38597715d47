using System.Runtime.InteropServices;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Which job of a sweep comes next, who holds which, and which attempts failed. In memory; the store journals failed attempts and recalls them when it is opened. Guarded by the store's lock.</summary>
/// <param name="isRecorded">Whether the job at a place has a result.</param>
internal sealed class JobQueue(Func<int, bool> isRecorded)
{
    private readonly List<int> _epochs = []; // number of claims so far, by place
    private readonly SortedSet<int> _returned = []; // free jobs before the next one
    private readonly PriorityQueue<int, long> _paused = new();
    private readonly Dictionary<int, JobLease> _leases = [];
    private readonly Dictionary<int, JobAttempts> _attempts = [];
    private int _next; // no job from here on was ever given out
    private long _firstEnd = long.MaxValue; // no lease ends before

    /// <summary>Jobs that somebody holds.</summary>
    internal int LeasedCount => _leases.Count;

    /// <summary>Jobs that somebody holds, by place.</summary>
    internal (int Sequence, JobLease Lease)[] Held => [.. _leases.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key)];

    /// <summary>Leases of one silo.</summary>
    internal int LeasedBy(string silo) => _leases.Values.Count(lease => lease.Silo == silo);

    /// <summary>Makes room for jobs up to a number.</summary>
    internal void Grow(int count) => CollectionsMarshal.SetCount(_epochs, count);

    /// <summary>Number of claims of a job so far.</summary>
    internal long EpochOf(int sequence) => _epochs[sequence];

    /// <summary>Failed attempts at a job.</summary>
    internal JobAttempts AttemptsAt(int sequence) => _attempts.GetValueOrDefault(sequence);

    /// <summary>Claims the first job that is free, or none.</summary>
    /// <param name="silo">Who claims.</param>
    /// <param name="since">Now.</param>
    /// <param name="until">When the lease ends.</param>
    /// <param name="count">Jobs from this place on are not on disk yet.</param>
    /// <param name="isReady">Whether a job may begin, as far as others before it matter.</param>
    internal int? Claim(string silo, long since, long until, int count, Func<int, bool> isReady)
    {
        foreach (int sequence in _returned)
        {
            if (isReady(sequence))
            {
                _returned.Remove(sequence);
                return Give(sequence, silo, since, until);
            }
        }

        while (_next < count)
        {
            int sequence = _next++;
            if (isRecorded(sequence))
            {
                continue;
            }

            if (isReady(sequence))
            {
                return Give(sequence, silo, since, until);
            }

            _returned.Add(sequence);
        }

        return null;
    }

    /// <summary>The lease of this epoch; null where it no longer holds.</summary>
    internal JobLease? Find(int sequence, long epoch) => _leases.TryGetValue(sequence, out JobLease lease) && lease.Epoch == epoch ? lease : null;

    /// <summary>Makes a lease hold until then.</summary>
    internal void Renew(int sequence, JobLease lease, long until)
    {
        _leases[sequence] = lease with { Until = until };
        _firstEnd = Math.Min(_firstEnd, until);
    }

    /// <summary>Gives a job back.</summary>
    internal void Release(int sequence)
    {
        _leases.Remove(sequence);
        _returned.Add(sequence);
    }

    /// <summary>Gives a job back whose attempt failed.</summary>
    /// <param name="sequence">The job.</param>
    /// <param name="reason">How the attempt ended.</param>
    /// <param name="until">The job is not given out before; null: at once.</param>
    /// <returns>Failed attempts so far.</returns>
    internal int Fail(int sequence, string reason, long? until)
    {
        _leases.Remove(sequence);
        int attempts = Recall(sequence, reason);
        if (until is { } pausedUntil)
        {
            _paused.Enqueue(sequence, pausedUntil);
        }
        else
        {
            _returned.Add(sequence);
        }

        return attempts;
    }

    /// <summary>Counts a failed attempt at a job that nobody holds.</summary>
    internal int Recall(int sequence, string reason)
    {
        JobAttempts attempts = new(AttemptsAt(sequence).Count + 1, reason);
        _attempts[sequence] = attempts;
        return attempts.Count;
    }

    /// <summary>Forgets a job that has its result.</summary>
    internal void Remove(int sequence)
    {
        _leases.Remove(sequence);
        _attempts.Remove(sequence);
        if (sequence < _next)
        {
            _returned.Remove(sequence);
        }
    }

    /// <summary>Forgets every failed attempt, and the pauses with them.</summary>
    internal void Forgive()
    {
        _attempts.Clear();
        while (_paused.TryDequeue(out int sequence, out _))
        {
            Return(sequence);
        }
    }

    /// <summary>Frees jobs whose pause is over.</summary>
    /// <returns>Jobs whose lease ran out, by place; the caller fails each.</returns>
    internal (int Sequence, string Silo)[] Advance(long now)
    {
        while (_paused.TryPeek(out int paused, out long end) && end <= now)
        {
            _paused.Dequeue();
            Return(paused);
        }

        if (now < _firstEnd)
        {
            return [];
        }

        _firstEnd = _leases.Values.Where(lease => lease.Until > now).Select(lease => lease.Until).DefaultIfEmpty(long.MaxValue).Min();
        return [.. _leases.Where(entry => entry.Value.Until <= now).Select(entry => (entry.Key, entry.Value.Silo)).OrderBy(entry => entry.Key)];
    }

    private int Give(int sequence, string silo, long since, long until)
    {
        Renew(sequence, new JobLease(silo, ++_epochs[sequence], since, until), until);
        return sequence;
    }

    private void Return(int sequence)
    {
        if (!isRecorded(sequence)) // a late attempt may have been first meanwhile
        {
            _returned.Add(sequence);
        }
    }
}
