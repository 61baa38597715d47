using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>Largest magnitudes of blocks that lie side by side.</summary>
internal static class ColumnLargest
{
    /// <summary>Raises <c>largest[i]</c> to the magnitude of <c>row[i]</c>; one that is not finite stays above <see cref="IStored{T}.Limit"/>, or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<TStored, T>(ReadOnlySpan<T> row, Span<float> largest)
        where TStored : IStored<T>
        where T : unmanaged
    {
        ref T from = ref MemoryMarshal.GetReference(row);
        ref float to = ref MemoryMarshal.GetReference(largest);
        int i = 0;
        for (; Vector128.IsHardwareAccelerated && i + Vector512<float>.Count <= row.Length; i += Vector512<float>.Count)
        {
            Vector512.Max(Vector512.LoadUnsafe(ref to, (nuint)i), Vector512.Abs(TStored.Load(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < row.Length; i++)
        {
            largest[i] = Math.Max(largest[i], Math.Abs(TStored.Value(row[i])));
        }
    }
}
