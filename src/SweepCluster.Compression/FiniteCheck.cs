using System.Globalization;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>Looks for values that no scheme can store.</summary>
internal static class FiniteCheck
{
    private const ushort HalfExponent = 0x7C00;

    internal static string? Describe(Weight weight, PreparedWeight prepared)
    {
        int first = weight is { Type: ElementType.Float16, Stored: DenseWeight { Values: { Type: ElementType.Float16 } stored } }
            ? FirstHalf(MemoryMarshal.Cast<byte, ushort>(stored.Bytes.Span))
            : FirstSingle(prepared.Values.Span);
        return first < 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"element {first} is {(float.IsNaN(prepared.Values.Span[first]) ? "NaN" : "infinite")}");
    }

    // Blocks first, so that the common answer costs one pass without branches.
    private static int FirstHalf(ReadOnlySpan<ushort> bits)
    {
        ushort largest = 0;
        foreach (ushort pattern in bits)
        {
            largest = Math.Max(largest, (ushort)(pattern & 0x7FFF));
        }

        if (largest < HalfExponent)
        {
            return -1;
        }

        for (int i = 0; ; i++)
        {
            if ((bits[i] & HalfExponent) == HalfExponent)
            {
                return i;
            }
        }
    }

    private static int FirstSingle(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
