using System.Numerics;

namespace SweepCluster.Numerics.Sparsity;

/// <summary>Byte indices that move the lanes of a 128-bit register together, or apart, as mask bits say.</summary>
internal static class ByteShuffles
{
    private const byte Nothing = 0xFF; // past the register: gives 0

    // Sixteen bytes for each mask of eight lanes of 16 bits, or four of 32.
    internal static readonly byte[] s_compress16 = Make(8, compress: true);
    internal static readonly byte[] s_compress32 = Make(4, compress: true);
    internal static readonly byte[] s_expand16 = Make(8, compress: false);
    internal static readonly byte[] s_expand32 = Make(4, compress: false);

    private static byte[] Make(int lanes, bool compress)
    {
        int size = 16 / lanes;
        byte[] indices = new byte[16 << lanes];
        indices.AsSpan().Fill(Nothing);
        for (int mask = 0; mask < 1 << lanes; mask++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                int packed = BitOperations.PopCount((uint)(mask & ((1 << lane) - 1)));
                for (int part = 0; part < size && (mask & (1 << lane)) != 0; part++)
                {
                    (int to, int from) = compress ? (packed, lane) : (lane, packed);
                    indices[(16 * mask) + (size * to) + part] = (byte)((size * from) + part);
                }
            }
        }

        return indices;
    }
}
