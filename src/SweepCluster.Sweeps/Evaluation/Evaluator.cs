using System.Runtime.ExceptionServices;
using SweepCluster.Inference;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Runs models over samples of a dataset, on several threads.</summary>
/// <remarks>Samples are cut into batches of a fixed size, which threads claim one after the other; each output goes to its sample's own place. Of a model
/// whose outputs do not depend on the batch, the result is therefore the same for any number of threads.</remarks>
public sealed class Evaluator
{
    private readonly Dataset _data;
    private readonly int _threads;
    private readonly int _batch;

    /// <summary>An evaluator for one dataset.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="threads">Threads to use, 1 or more.</param>
    /// <param name="batch">Samples of a batch, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Evaluator(Dataset data, int threads, int batch = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        _data = data;
        _threads = threads;
        _batch = batch;
    }

    /// <summary>The outputs of a network for some samples.</summary>
    /// <param name="network">The network; its input has as many values as a sample.</param>
    /// <param name="samples">Indices of samples, in the order wanted.</param>
    /// <param name="progress">Called after each batch, from any thread, with the samples done so far; null where nobody asks.</param>
    /// <param name="cancellationToken">Stops before the next batch.</param>
    /// <returns>Outputs, <c>[samples, OutputSize]</c>, row-major: a classifier's scores before the softmax.</returns>
    /// <exception cref="ArgumentException">A sample has another number of values than the network's input.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public float[] Run(Network network, ReadOnlyMemory<int> samples, Action<int>? progress, CancellationToken cancellationToken)
    {
        if (network.InputShape.ElementCount != _data.SampleShape.ElementCount)
        {
            throw new ArgumentException($"The network takes {network.InputShape}, found samples {_data.SampleShape}.", nameof(network));
        }

        return Run(
            () =>
            {
                Workspace workspace = network.CreateWorkspace(_batch);
                return (input, count, output) => network.Run(input, count, output, workspace);
            },
            network.OutputSize,
            samples,
            progress,
            cancellationToken);
    }

    /// <summary>The outputs of any model for some samples.</summary>
    /// <param name="createRunner">Called once on each thread; what it returns is used by that thread alone.</param>
    /// <param name="outputs">Values that the model gives for a sample: classes.</param>
    /// <param name="samples">Indices of samples, in the order wanted.</param>
    /// <param name="progress">Called after each batch, from any thread, with the samples done so far; null where nobody asks.</param>
    /// <param name="cancellationToken">Stops before the next batch.</param>
    /// <returns>Outputs, <c>[samples, outputs]</c>, row-major.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>Where batches fail, the failure of the first in sample order is thrown, whatever the number of threads.</remarks>
    public float[] Run(
        Func<BatchRunner> createRunner, int outputs, ReadOnlyMemory<int> samples, Action<int>? progress, CancellationToken cancellationToken)
    {
        Round round = new(this, outputs, samples, progress, cancellationToken);
        int batches = (samples.Length + _batch - 1) / _batch;
        Thread[] others = [.. Enumerable.Range(1, Math.Max(0, Math.Min(_threads, batches) - 1))
            .Select(number => new Thread(() => round.Work(createRunner)) { IsBackground = true, Name = $"evaluator {number}" })];
        Array.ForEach(others, thread => thread.Start());
        round.Work(createRunner);
        Array.ForEach(others, thread => thread.Join());
        return round.Finish();
    }

    private sealed class Round(Evaluator owner, int outputs, ReadOnlyMemory<int> samples, Action<int>? progress, CancellationToken cancellationToken)
    {
        private readonly float[] _results = new float[checked(samples.Length * outputs)];
        private readonly Lock _faultLock = new();
        private int _claimed;
        private int _done;
        private int _faultAt = int.MaxValue;
        private ExceptionDispatchInfo? _fault;

        public void Work(Func<BatchRunner> createRunner)
        {
            int start = -1;
            try
            {
                BatchRunner run = createRunner();
                int values = (int)owner._data.SampleShape.ElementCount;
                float[] input = new float[checked(values * Math.Min(owner._batch, Math.Max(1, samples.Length)))];
                while (Volatile.Read(ref _fault) is null && !cancellationToken.IsCancellationRequested
                    && (start = Interlocked.Add(ref _claimed, owner._batch) - owner._batch) < samples.Length)
                {
                    int count = Math.Min(owner._batch, samples.Length - start);
                    for (int i = 0; i < count; i++)
                    {
                        owner._data.Read(samples.Span[start + i], input.AsSpan(i * values, values));
                    }

                    run(input.AsSpan(0, count * values), count, _results.AsSpan(start * outputs, count * outputs));
                    progress?.Invoke(Interlocked.Add(ref _done, count));
                }
            }
            catch (Exception error) // rethrown by Finish on the calling thread
            {
                lock (_faultLock)
                {
                    if (start < _faultAt)
                    {
                        _faultAt = start;
                        Volatile.Write(ref _fault, ExceptionDispatchInfo.Capture(error));
                    }
                }
            }
        }

        public float[] Finish()
        {
            _fault?.Throw();
            if (_done < samples.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return _results;
        }
    }
}
