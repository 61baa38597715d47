using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Jobs;

/// <summary>The jobs that this silo holds now. Its loop puts them here, grains begin them, and whoever asks hears of them. Knows nothing of grains. Thread-safe.</summary>
internal sealed class SiloWork(string silo, int slots, IJobHost jobs, TimeProvider time)
{
    private readonly ConcurrentDictionary<JobId, RunningJob> _running = new();

    /// <summary>The silo's name in claims.</summary>
    internal string Silo { get; } = silo;

    /// <summary>Jobs that it runs at the same time.</summary>
    internal int Slots { get; } = slots;

    /// <summary>What it is at, the oldest first.</summary>
    internal ImmutableArray<WorkItem> Items => [.. _running.Values.Select(job => job.Item).OrderBy(item => item.Since)];

    /// <summary>Takes a claimed job up; <see cref="RunningJob.Begin"/> begins it.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="lost">Asks it to stop.</param>
    internal RunningJob Add(Claim claim, JobSubject subject, CancellationToken lost)
    {
        RunningJob job = new(jobs, claim, new WorkItem(JobId.Of(claim), claim.Job.Kind, subject.Label, time.GetUtcNow()), Remove, lost);
        _running[job.Item.Job] = job;
        return job;
    }

    /// <summary>A job that is held here; null where it is not, or not any more.</summary>
    internal RunningJob? Find(JobId job) => _running.GetValueOrDefault(job);

    /// <summary>Asks every job of a sweep that is held here to stop.</summary>
    /// <returns>How many.</returns>
    internal int Stop(string sweepId)
    {
        RunningJob[] found = [.. _running.Values.Where(job => job.Item.Job.SweepId == sweepId)];
        Array.ForEach(found, job => job.Stop());
        return found.Length;
    }

    private void Remove(RunningJob job) => _running.TryRemove(KeyValuePair.Create(job.Item.Job, job));
}
