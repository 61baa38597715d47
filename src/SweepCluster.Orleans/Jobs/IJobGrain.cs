using System.Collections.Immutable;

namespace SweepCluster.Orleans.Jobs;

/// <summary>Runs claimed jobs on the silo that claimed them. Key: that silo, the sweep and what the jobs are about, so that it is made where it is called first, by that silo's loop. Holds nothing that must outlive it.</summary>
[Alias("sweep.job-grain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Begins a job that its silo holds, or finds it begun, and waits for its end; but never so long that the call runs into its time limit. May be called again.</summary>
    [Alias("run")]
    Task<JobState> RunAsync(JobId job);

    /// <summary>The jobs that it runs now.</summary>
    [Alias("list")]
    Task<ImmutableArray<WorkItem>> ListAsync();
}
