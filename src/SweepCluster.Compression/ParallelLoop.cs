using System.Runtime.ExceptionServices;

namespace SweepCluster.Compression;

/// <summary>Spreads independent work over threads.</summary>
/// <param name="threads">Threads, 1 or more.</param>
/// <param name="cancellationToken">Stops between two pieces of work.</param>
internal readonly struct ParallelLoop(int threads, CancellationToken cancellationToken)
{
    /// <summary>Runs a body for each number from 0 up. Of several failures that of the lowest number is thrown, whatever the threads.</summary>
    internal void Run(int count, Action<int> body)
    {
        if (count == 1 || threads <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        ExceptionDispatchInfo?[] failures = new ExceptionDispatchInfo?[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i =>
        {
            try
            {
                body(i);
            }
#pragma warning disable CA1031 // every failure is thrown again below
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures[i] = ExceptionDispatchInfo.Capture(failure);
            }
        });
        Array.Find(failures, failure => failure is not null)?.Throw();
    }
}
