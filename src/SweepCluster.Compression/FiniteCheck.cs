using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression;

/// <summary>Looks for values that no scheme can store.</summary>
internal static class FiniteCheck
{
    private const ushort HalfInfinity = 0x7C00;
    private const uint SingleInfinity = 0x7F80_0000;

    internal static string? Describe(Weight weight, PreparedWeight prepared)
    {
        int first = weight switch
        {
            { Type: ElementType.Float16, Stored: DenseWeight { Values: { Type: ElementType.Float16 } stored } } => First(MemoryMarshal.Cast<byte, ushort>(stored.Bytes.Span), HalfInfinity),
            { Type: ElementType.Float32, Stored: DenseWeight { Values: { Type: ElementType.Float32 } stored } } => First(MemoryMarshal.Cast<byte, uint>(stored.Bytes.Span), SingleInfinity),
            _ => First(MemoryMarshal.Cast<float, uint>(prepared.Values.Span), SingleInfinity),
        };
        return first < 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"element {first} is {(float.IsNaN(prepared.Values.Span[first]) ? "NaN" : "infinite")}");
    }

    // The largest magnitude first, so that the common answer costs one pass at the speed of memory.
    private static int First<T>(ReadOnlySpan<T> numbers, T infinity)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Magnitudes.CountAbove(numbers, infinity, out T largest);
        for (int i = 0; largest >= infinity; i++)
        {
            if ((numbers[i] & infinity) == infinity)
            {
                return i;
            }
        }

        return -1;
    }
}
