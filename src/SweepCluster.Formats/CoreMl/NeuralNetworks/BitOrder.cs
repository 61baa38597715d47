using SweepCluster.Numerics.Packing;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Turns packed codes from most significant bit first, as neural networks store them, to least significant bit first, as tensors here are packed, and back.</summary>
/// <remarks>In a neural network the first code takes the highest bits of the first byte; codes cross bytes, and the last byte is filled up with zeros at its low end.
/// Source: coremltools, <c>neural_network/quantization_utils.py</c>.</remarks>
internal static class BitOrder
{
    private const int Chunk = 4096; // codes at once; a multiple of 8, so that every chunk starts at a byte

    /// <summary>The same codes in the other order.</summary>
    /// <param name="source">Packed codes.</param>
    /// <param name="bits">Bits of one, 1 to 8.</param>
    /// <param name="count">How many.</param>
    /// <param name="mostFirst">Whether <paramref name="source"/> has the most significant bit first; otherwise the result has.</param>
    internal static byte[] Reversed(ReadOnlySpan<byte> source, int bits, int count, bool mostFirst)
    {
        byte[] packed = new byte[(int)(((long)count * bits + 7) / 8)];
        Reverse(source, bits, count, mostFirst, packed);
        return packed;
    }

    /// <summary>The same codes in the other order, to where they shall be.</summary>
    /// <param name="source">Packed codes.</param>
    /// <param name="bits">Bits of one, 1 to 8.</param>
    /// <param name="count">How many.</param>
    /// <param name="mostFirst">Whether <paramref name="source"/> has the most significant bit first; otherwise the result has.</param>
    /// <param name="packed">Receives them; as many bytes as they take.</param>
    internal static void Reverse(ReadOnlySpan<byte> source, int bits, int count, bool mostFirst, Span<byte> packed)
    {
        Span<byte> codes = stackalloc byte[Chunk];
        for (int done = 0; done < count; done += Chunk)
        {
            Span<byte> part = codes[..Math.Min(Chunk, count - done)];
            int at = (int)((long)done * bits / 8);
            if (mostFirst)
            {
                UnpackMostFirst(source[at..], bits, part);
                BitPacking.Pack(part, bits, packed[at..]);
            }
            else
            {
                BitPacking.Unpack(source[at..], bits, part);
                PackMostFirst(part, bits, packed[at..]);
            }
        }
    }

    private static void UnpackMostFirst(ReadOnlySpan<byte> source, int bits, Span<byte> codes)
    {
        int pending = 0, held = 0, next = 0, mask = (1 << bits) - 1;
        for (int i = 0; i < codes.Length; i++)
        {
            while (held < bits)
            {
                pending = (pending << 8) | source[next++];
                held += 8;
            }

            held -= bits;
            codes[i] = (byte)((pending >> held) & mask);
            pending &= (1 << held) - 1;
        }
    }

    private static void PackMostFirst(ReadOnlySpan<byte> codes, int bits, Span<byte> packed)
    {
        int pending = 0, held = 0, next = 0;
        foreach (byte code in codes)
        {
            pending = (pending << bits) | code;
            held += bits;
            while (held >= 8)
            {
                held -= 8;
                packed[next++] = (byte)(pending >> held);
                pending &= (1 << held) - 1;
            }
        }

        if (held > 0)
        {
            packed[next] = (byte)(pending << (8 - held));
        }
    }
}
