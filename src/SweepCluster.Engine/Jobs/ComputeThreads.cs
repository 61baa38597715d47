using System.Collections.Concurrent;

namespace SweepCluster.Engine.Jobs;

/// <summary>The silo's own threads for arithmetic, so that it never holds up the threads that serve the store.</summary>
internal sealed class ComputeThreads : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many, 1 or more.</param>
    internal ComputeThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _threads = [.. Enumerable.Range(0, count).Select(index => new Thread(Run) { IsBackground = true, Name = $"compute {index}" })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Runs one piece of arithmetic on one of the threads.</summary>
    /// <param name="work">The work; looks at the token now and then.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    internal Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            () =>
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    completion.SetResult(work(cancellationToken));
                }
                catch (OperationCanceledException canceled)
                {
                    completion.SetCanceled(canceled.CancellationToken);
                }
                catch (Exception error)
                {
                    completion.SetException(error);
                }
            },
            CancellationToken.None);
        return completion.Task;
    }

    /// <summary>Ends the threads when the work that was given is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _work.Dispose();
    }

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
