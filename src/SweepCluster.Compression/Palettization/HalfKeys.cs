namespace SweepCluster.Compression.Palettization;

/// <summary>Finite float16 numbers as signed integers of the same order. Minus zero comes right below zero.</summary>
internal static class HalfKeys
{
    internal static short Of(ushort bits) => (short)(bits ^ ((short)bits >> 15 & 0x7FFF));

    // The same step leads back.
    internal static ushort ToBits(short key) => (ushort)Of((ushort)key);
}
