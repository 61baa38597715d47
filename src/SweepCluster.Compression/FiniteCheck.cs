using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>Looks for values that no scheme can store.</summary>
internal static class FiniteCheck
{
    private const ushort HalfMagnitude = 0x7FFF, HalfInfinity = 0x7C00;
    private const uint SingleMagnitude = 0x7FFF_FFFF, SingleInfinity = 0x7F80_0000;

    internal static string? Describe(Weight weight, PreparedWeight prepared)
    {
        if (weight is { Type: ElementType.Float16, Stored: DenseWeight { Values: { Type: ElementType.Float16 } stored } })
        {
            ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(stored.Bytes.Span);
            int first = First(bits, HalfMagnitude, HalfInfinity);
            return first < 0 ? null : Describe(first, (bits[first] & HalfMagnitude) > HalfInfinity);
        }

        ReadOnlySpan<uint> singles = MemoryMarshal.Cast<float, uint>(prepared.Values.Span);
        int place = First(singles, SingleMagnitude, SingleInfinity);
        return place < 0 ? null : Describe(place, (singles[place] & SingleMagnitude) > SingleInfinity);
    }

    private static string Describe(int place, bool isNaN) => string.Create(CultureInfo.InvariantCulture, $"element {place} is {(isNaN ? "NaN" : "infinite")}");

    // Magnitudes first, so that the common answer costs one pass without branches.
    private static int First<T>(ReadOnlySpan<T> bits, T magnitude, T infinity)
        where T : unmanaged, IBinaryInteger<T>
    {
        Vector512<T> mask = Vector512.Create(magnitude), largest = default;
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref T from = ref MemoryMarshal.GetReference(bits);
            for (; i <= bits.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                largest = Vector512.Max(largest, Vector512.LoadUnsafe(ref from, (nuint)i) & mask);
            }
        }

        bool isFinite = Vector512.LessThanAll(largest, Vector512.Create(infinity));
        for (; i < bits.Length; i++)
        {
            isFinite &= (bits[i] & magnitude) < infinity;
        }

        int first = -1;
        for (int place = 0; first < 0 && !isFinite && place < bits.Length; place++)
        {
            first = (bits[place] & magnitude) >= infinity ? place : -1;
        }

        return first;
    }
}
