using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression;

/// <summary>Looks for values that no scheme can store.</summary>
internal static class FiniteCheck
{
    private const ushort HalfInfinity = 0x7C00;
    private const uint SingleInfinity = 0x7F80_0000;

    internal static string? Describe(PreparedWeight weight) => weight.StoredHalves is { } halves
        ? Describe(MemoryMarshal.Cast<Half, ushort>(halves.Span), HalfInfinity)
        : Describe(MemoryMarshal.Cast<float, uint>(weight.Values.Span), SingleInfinity);

    // The largest magnitude first, so that the common answer costs one pass at the speed of memory.
    private static string? Describe<T>(ReadOnlySpan<T> bits, T infinity)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Magnitudes.CountAbove(bits, infinity, out T largest);
        for (int i = 0; largest >= infinity; i++)
        {
            T magnitude = bits[i] & (T.MaxValue >>> 1);
            if (magnitude >= infinity)
            {
                return string.Create(CultureInfo.InvariantCulture, $"element {i} is {(magnitude > infinity ? "NaN" : "infinite")}");
            }
        }

        return null;
    }
}
