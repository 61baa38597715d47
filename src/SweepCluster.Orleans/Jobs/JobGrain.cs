using System.Collections.Immutable;

namespace SweepCluster.Orleans.Jobs;

/// <summary>What the grains of jobs have in common: a thin shell around the jobs of one subject that their silo holds. A turn begins a job or waits for it; the work itself is done elsewhere.</summary>
internal abstract class JobGrain(SiloWork work, TimeProvider time) : Grain, IJobGrain
{
    /// <summary>How long a call waits for the end of its job: well below the 30 seconds after which Orleans gives a call up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<RunningJob> _jobs = [];

    /// <inheritdoc/>
    public async Task<JobState> RunAsync(JobId job)
    {
        if (work.Find(job) is not { } running)
        {
            return JobState.NotHere;
        }

        if (!_jobs.Contains(running))
        {
            _jobs.Add(running);
            running.Begin();
        }

        Task ended = running.Completion;
        using (CancellationTokenSource enough = new())
        {
            await Task.WhenAny(ended, Task.Delay(Patience, time, enough.Token));
            await enough.CancelAsync();
        }

        if (!ended.IsCompleted)
        {
            return JobState.Running;
        }

        _jobs.Remove(running);
        if (_jobs.Count == 0)
        {
            DeactivateOnIdle(); // a sweep has many plans: a grain goes with its last job
        }

        return JobState.Ended;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<WorkItem>> ListAsync() => Task.FromResult(_jobs.Select(job => job.Item).ToImmutableArray());
}
