namespace SweepCluster.Numerics.Packing;

/// <summary>Finite floating-point numbers as unsigned integers of the same order; minus zero becomes zero.</summary>
internal static class OrderedKeys
{
    private const uint SingleSign = 0x8000_0000;
    private const ushort HalfSign = 0x8000;

    internal static uint Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & SingleSign) != 0 ? ~bits : bits | SingleSign;
    }

    internal static float ToSingle(uint key) =>
        BitConverter.UInt32BitsToSingle((key & SingleSign) != 0 ? key ^ SingleSign : ~key);

    internal static ushort Of(ushort halfBits) => halfBits == HalfSign ? HalfSign
        : (ushort)((halfBits & HalfSign) != 0 ? ~halfBits : halfBits | HalfSign);

    internal static ushort ToHalfBits(ushort key) => (ushort)((key & HalfSign) != 0 ? key ^ HalfSign : ~key);
}
