using System.Buffers.Binary;
using System.Numerics;
using SweepCluster.Graphs;

namespace SweepCluster.Compression.Joint;

/// <summary>Takes the packed codes of some elements out of those of all.</summary>
internal static class CodeGathering
{
    /// <summary>The codes where a mask is 1, in order.</summary>
    /// <param name="codes">Integers of 1 to 16 bits, packed.</param>
    /// <param name="mask">One bit an element.</param>
    /// <param name="ones">Ones in the mask.</param>
    internal static TensorData Gather(TensorData codes, TensorData mask, int ones)
    {
        int width = codes.Type.BitWidth();
        byte[] gathered = new byte[codes.Type.ByteCount(ones) + sizeof(uint)]; // room for whole words; cut off below
        ReadOnlySpan<byte> from = codes.Bytes.Span, bits = mask.Bytes.Span;
        long to = 0;
        for (int word = 0; word < bits.Length; word++)
        {
            for (uint rest = bits[word]; rest != 0; rest &= rest - 1, to += width)
            {
                long bit = ((8L * word) + BitOperations.TrailingZeroCount(rest)) * width;
                uint code = (Read(from, (int)(bit >> 3)) >> (int)(bit & 7)) & ((1u << width) - 1);
                Span<byte> at = gathered.AsSpan((int)(to >> 3));
                BinaryPrimitives.WriteUInt32LittleEndian(at, BinaryPrimitives.ReadUInt32LittleEndian(at) | (code << (int)(to & 7)));
            }
        }

        return new TensorData(codes.Type, new Shape(ones), gathered.AsMemory(0, gathered.Length - sizeof(uint)));
    }

    private static uint Read(ReadOnlySpan<byte> bytes, int at)
    {
        if (at + sizeof(uint) <= bytes.Length)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        }

        uint word = 0;
        for (int i = bytes.Length - 1; i >= at; i--)
        {
            word = (word << 8) | bytes[i];
        }

        return word;
    }
}
