using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SweepCluster.Numerics.Halves;

/// <summary>Sixteen float16 numbers at a time, for kernels that keep them in registers. Every machine gives the same bits.</summary>
public static class HalfLanes
{
    private const float SmallestNormal = 6.103515625e-5f; // 2^-14
    private const float DenormalStep = 0.75f; // from 0.5 to 1 float32 numbers lie 2^-24 apart, as float16's denormal ones do

    /// <summary>Widens finite float16 numbers to float32, exactly.</summary>
    /// <param name="from">The first of sixteen patterns.</param>
    /// <param name="at">How many patterns to skip.</param>
    /// <remarks>Infinity and NaN come out as numbers of 65,536 and above; look for them first.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref ushort from, nuint at)
    {
        Vector256<short> halves = Vector256.LoadUnsafe(ref from, at).AsInt16();
        Vector512<int> wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(halves) : Widen(halves);

        // Sign, exponent and fraction move to float32's places; its exponent counts from 127 and float16's from 15, hence 2^112.
        return ((wide << 13) & Vector512.Create(unchecked((int)0x8FFFFFFF))).AsSingle() * Vector512.Create(5.192296858534828e33f);
    }

    /// <summary>Rounds float32 numbers to float16, ties to even, and leaves them in float32.</summary>
    /// <param name="values">Finite numbers that float16 can hold without overflow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> values)
    {
        Vector512<uint> bits = values.AsUInt32();
        Vector512<uint> normal = (bits + Vector512.Create(0xFFFu) + ((bits >>> 13) & Vector512<uint>.One)) & Vector512.Create(~0x1FFFu);
        Vector512<float> step = Vector512.Create(DenormalStep), denormal = (values + step) - step;
        return Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512.Abs(values), Vector512.Create(SmallestNormal)), denormal, normal.AsSingle());
    }

    private static Vector512<int> Widen(Vector256<short> halves)
    {
        (Vector256<int> lower, Vector256<int> upper) = Vector256.Widen(halves);
        return Vector512.Create(lower, upper);
    }
}
