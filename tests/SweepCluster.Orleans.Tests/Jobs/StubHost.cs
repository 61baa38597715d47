using System.Collections.Concurrent;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Tests.Jobs;

/// <summary>A host whose jobs do what the test says, and which keeps the claims it was given.</summary>
internal sealed class StubHost(Func<Claim, CancellationToken, Task<JobOutcome>> run) : IJobHost
{
    internal ConcurrentQueue<Claim> Claims { get; } = new();

    public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        Claims.Enqueue(claim);
        return run(claim, cancellationToken);
    }
}
