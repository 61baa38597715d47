using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>What a compression needs to know beside weight and scheme.</summary>
/// <param name="Arithmetic">How the device will decode linearly quantized weights. <see cref="DecodeArithmetic.Float32"/> also says that the target is older than iOS 18, so that a palette that chooses its own width takes none of 3 bits; <see cref="DecodeArithmetic.ScaleAndBias"/> that it may take 5 and 7.</param>
/// <param name="Threads">Threads to spread groups and blocks over, 1 or more. The result does not depend on it.</param>
public readonly record struct CompressOptions(DecodeArithmetic Arithmetic, int Threads = 1)
{
    /// <summary>Holds callers to at least one thread; <c>default</c> has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Threads"/> is below 1.</exception>
    internal void ThrowIfNoThreads() => ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
}
