using System.Collections.Concurrent;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>Holds jobs in the middle until the test lets them go.</summary>
internal sealed class HeldJobs
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _released = new(), _ended = new();
    private readonly ConcurrentDictionary<(string Key, long Epoch), TaskCompletionSource<string>> _held = new();

    /// <summary>A host for a silo.</summary>
    internal IJobHost HostOf(string silo) => new Jobs.StubHost(async (claim, stop) =>
    {
        Entry(claim.Job.Key, claim.Epoch).TrySetResult(silo);
        try
        {
            await Released(claim.Job.Key).Task.WaitAsync(stop);
            return Jobs.FakeJobs.Done;
        }
        finally
        {
            Ended(claim.Job.Key).TrySetResult();
        }
    });

    /// <summary>Waits until a silo is no more at a job.</summary>
    internal Task WaitForEndAsync(string key) => Ended(key).Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Waits until a silo is at a job.</summary>
    /// <returns>Its name.</returns>
    internal Task<string> WaitForAsync(string key, long epoch = 1) => Entry(key, epoch).Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Lets a job end.</summary>
    internal void Release(string key) => Released(key).TrySetResult();

    private TaskCompletionSource<string> Entry(string key, long epoch) => _held.GetOrAdd((key, epoch), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Ended(string key) => _ended.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Released(string key) => _released.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
