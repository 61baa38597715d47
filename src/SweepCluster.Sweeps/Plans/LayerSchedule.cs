using System.Runtime.ExceptionServices;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Plans;

/// <summary>Runs layers side by side as long as what they need together stays within a budget; a layer that needs more than all of it runs alone.</summary>
/// <param name="threads">Threads of all layers together.</param>
/// <param name="cancellationToken">Stops between two layers.</param>
internal sealed class LayerSchedule(int threads, CancellationToken cancellationToken)
{
    private const long BudgetBytes = 512L << 20;
    private const int BytesPerElement = 4; // the stored values, the compressed ones and what lies between; measured, see benchmarks/results/compression.md

    private readonly object _gate = new();
    private int _next;
    private long _used;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs every layer, in order as far as the budget lets them. The first failure stops what has not begun, and is thrown as it is.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="body">Receives a layer and the threads that it may use itself.</param>
    internal void Run(IReadOnlyList<Weight> layers, Action<Weight, int> body)
    {
        int workers = Math.Min(threads, layers.Count);
        // Threads of their own: those that wait for room must not hold the pool's, on which a layer may run its own parts.
        Thread[] others = [.. Enumerable.Range(1, Math.Max(0, workers - 1)).Select(number => new Thread(() => Work(layers, body)) { IsBackground = true, Name = $"layers {number}" })];
        Array.ForEach(others, thread => thread.Start());
        Work(layers, body);
        Array.ForEach(others, thread => thread.Join());
        _failure?.Throw();
    }

    private void Work(IReadOnlyList<Weight> layers, Action<Weight, int> body)
    {
        while (Take(layers) is { } taken)
        {
            ExceptionDispatchInfo? failure = null;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(taken.Layer, taken.Threads);
            }
#pragma warning disable CA1031 // thrown again by Run
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            lock (_gate)
            {
                _failure ??= failure;
                _used -= taken.Bytes;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // The next layer, when there is room for it; null where there is none or a layer failed.
    private (Weight Layer, long Bytes, int Threads)? Take(IReadOnlyList<Weight> layers)
    {
        lock (_gate)
        {
            while (_next < layers.Count && _failure is null)
            {
                Weight layer = layers[_next];
                long bytes = Math.Clamp(layer.Shape.ElementCount, 1, BudgetBytes / BytesPerElement) * BytesPerElement;
                if (_used + bytes <= BudgetBytes)
                {
                    _next++;
                    _used += bytes;
                    return (layer, bytes, Math.Max(1, threads / (int)Math.Min(layers.Count, BudgetBytes / bytes))); // threads that no layer takes help within layers
                }

                Monitor.Wait(_gate);
            }

            return null;
        }
    }
}
