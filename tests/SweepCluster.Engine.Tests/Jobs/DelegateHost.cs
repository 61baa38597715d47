using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Jobs;

/// <summary>Runs jobs by a delegate.</summary>
internal sealed class DelegateHost(Func<Claim, CancellationToken, Task<JobOutcome>> work) : IJobHost
{
    public static JobOutcome Done { get; } = JobOutcome.Of(JobResult.Of("{}"));

    public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => Task.Run(() => work(claim, cancellationToken), CancellationToken.None);
}
