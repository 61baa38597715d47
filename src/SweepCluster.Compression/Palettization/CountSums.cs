using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Weights that are counts: every element weighs 1.</summary>
internal readonly struct CountSums(int[] ends) : IWeightSums
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(int boundary) => ends[boundary];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> EightAt(int boundary)
    {
        (Vector256<long> lower, Vector256<long> upper) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(ends), (nuint)boundary));
        return Vector512.ConvertToDouble(Vector512.Create(lower, upper));
    }
}
