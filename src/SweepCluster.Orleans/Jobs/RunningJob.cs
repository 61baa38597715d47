using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Jobs;

/// <summary>A claimed job on the silo that holds it, from the moment when its loop asks for it to the moment when its loop has its outcome.</summary>
internal sealed class RunningJob : IDisposable
{
    private readonly IJobHost _jobs;
    private readonly Claim _claim;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _stopped;
    private readonly Action<RunningJob> _ended;
    private readonly TaskCompletionSource<JobOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    internal RunningJob(IJobHost jobs, Claim claim, WorkItem item, Action<RunningJob> ended, CancellationToken lost)
    {
        _jobs = jobs;
        _claim = claim;
        _ended = ended;
        Item = item;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(lost);
        _stopped = _stop.Token.UnsafeRegister(static job => ((RunningJob)job!).EndUnlessBegun(), this);
    }

    /// <summary>What is told of it.</summary>
    internal WorkItem Item { get; }

    /// <summary>Its outcome, the error that it ended with, or that it was stopped.</summary>
    internal Task<JobOutcome> Completion => _completion.Task;

    /// <summary>Whether it was begun or stopped.</summary>
    internal bool IsBegun => Volatile.Read(ref _begun) != 0;

    /// <summary>Begins it unless it is begun. It runs on this process's threads and never on the scheduler of whoever calls: a turn of a grain ends when it is begun.</summary>
    internal void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _ = Task.Run(RunAsync);
        }
    }

    /// <summary>Whether somebody asked it to stop.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>Asks it to stop.</summary>
    internal void Stop()
    {
        IsStopped = true;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Forgets it. Its loop has its outcome.</summary>
    public void Dispose()
    {
        _ended(this);
        _stopped.Dispose();
        _stop.Dispose();
    }

    private void EndUnlessBegun()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _completion.TrySetCanceled(_stop.Token);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            _completion.TrySetResult(await _jobs.RunAsync(_claim, _stop.Token));
        }
        catch (OperationCanceledException stopped)
        {
            _completion.TrySetCanceled(stopped.CancellationToken);
        }
        catch (Exception error)
        {
            _completion.TrySetException(error);
        }
    }
}
