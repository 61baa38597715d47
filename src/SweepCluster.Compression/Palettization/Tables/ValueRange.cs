using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>The smallest and the largest of some finite values; -0 counts as 0.</summary>
internal readonly record struct ValueRange(float Min, float Max)
{
    /// <summary>The largest magnitude.</summary>
    internal float Magnitude => Math.Max(-Min, Max);

    internal static ValueRange Of(ReadOnlySpan<float> values)
    {
        float min = values[0], max = values[0];
        ref float from = ref MemoryMarshal.GetReference(values);
        int i = 0;
        if (values.Length >= Vector512<float>.Count)
        {
            Vector512<float> low = Vector512.Create(min), high = low;
            for (; i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
            {
                Vector512<float> part = Vector512.LoadUnsafe(ref from, (nuint)i);
                low = Vector512.MinNative(low, part);
                high = Vector512.MaxNative(high, part);
            }

            for (int lane = 0; lane < Vector512<float>.Count; lane++)
            {
                min = Math.Min(min, low[lane]);
                max = Math.Max(max, high[lane]);
            }
        }

        for (; i < values.Length; i++)
        {
            min = Math.Min(min, values[i]);
            max = Math.Max(max, values[i]);
        }

        return new(min + 0f, max + 0f);
    }

    // By keys of the same order as the values: see HalfKeys, whose step this is for many at once.
    internal static ValueRange Of(ReadOnlySpan<Half> values)
    {
        ReadOnlySpan<short> bits = MemoryMarshal.Cast<Half, short>(values);
        short min = HalfKeys.Of((ushort)bits[0]), max = min;
        ref short from = ref MemoryMarshal.GetReference(bits);
        int i = 0;
        if (bits.Length >= Vector512<short>.Count)
        {
            Vector512<short> low = Vector512.Create(min), high = low, magnitude = Vector512.Create((short)0x7FFF);
            for (; i + Vector512<short>.Count <= bits.Length; i += Vector512<short>.Count)
            {
                Vector512<short> part = Vector512.LoadUnsafe(ref from, (nuint)i);
                part ^= Vector512.ShiftRightArithmetic(part, 15) & magnitude;
                low = Vector512.Min(low, part);
                high = Vector512.Max(high, part);
            }

            for (int lane = 0; lane < Vector512<short>.Count; lane++)
            {
                min = Math.Min(min, low[lane]);
                max = Math.Max(max, high[lane]);
            }
        }

        for (; i < bits.Length; i++)
        {
            min = Math.Min(min, HalfKeys.Of((ushort)bits[i]));
            max = Math.Max(max, HalfKeys.Of((ushort)bits[i]));
        }

        return new((float)BitConverter.UInt16BitsToHalf(HalfKeys.ToBits(min)) + 0f, (float)BitConverter.UInt16BitsToHalf(HalfKeys.ToBits(max)) + 0f);
    }
}
