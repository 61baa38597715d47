using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Weights that are summed importances.</summary>
internal readonly struct ImportanceSums(double[] sums) : IWeightSums
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(int boundary) => sums[boundary];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> EightAt(int boundary) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(sums), (nuint)boundary);
}
