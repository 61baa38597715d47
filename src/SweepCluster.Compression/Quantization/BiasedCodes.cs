using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization;

/// <summary>Turns codes with a zero point into unsigned codes with a bias, for devices that decode <c>code * scale + bias</c>.</summary>
/// <remarks>Signed codes of b bits move up by 2^(b-1), which turns their highest bit over; the bias is what the moved zero point stood for, negated. Zero stays zero exactly: both are the same product, rounded alike.</remarks>
internal static class BiasedCodes
{
    /// <summary>The same codes, unsigned and with a bias for each block.</summary>
    /// <param name="weight">float32 scales; codes of at most 16 bits.</param>
    /// <returns>Null where a scale times the largest code, or a bias, is beyond float32.</returns>
    internal static QuantizedWeight? Of(QuantizedWeight weight)
    {
        int bits = weight.Codes.Type.BitWidth(), middle = weight.Codes.Type.IsSigned() ? 1 << (bits - 1) : 0, largest = (1 << bits) - 1;
        float[] scales = weight.Scales.ToFloat32(), zeros = weight.ZeroPoints?.ToFloat32() ?? new float[scales.Length], biases = new float[scales.Length];
        for (int block = 0; block < scales.Length; block++)
        {
            biases[block] = -((zeros[block] + middle) * scales[block]);
            if (!float.IsFinite(biases[block]) || !float.IsFinite(largest * scales[block]))
            {
                return null;
            }
        }

        TensorData codes = middle == 0 ? weight.Codes : new TensorData(ElementTypes.UnsignedOf(bits), weight.Shape, TurnedOver(weight.Codes, bits));
        return new QuantizedWeight(codes, weight.Scales, Array.TrueForAll(biases, bias => bias == 0) ? null : TensorData.FromFloat32(weight.Scales.Shape, biases));
    }

    // Eight codes of b bits are b bytes, and the bits to turn over stand at the same places in each such step.
    private static byte[] TurnedOver(TensorData codes, int bits)
    {
        byte[] bytes = codes.Bytes.ToArray();
        Span<byte> mask = stackalloc byte[bits];
        for (int code = 0; code < 8; code++)
        {
            int bit = (code * bits) + bits - 1;
            mask[bit >> 3] |= (byte)(1 << (bit & 7));
        }

        for (int start = 0; start < bytes.Length; start += bits)
        {
            Span<byte> step = bytes.AsSpan(start, Math.Min(bits, bytes.Length - start));
            for (int i = 0; i < step.Length; i++)
            {
                step[i] ^= mask[i];
            }
        }

        long used = codes.Shape.ElementCount * bits;
        if (used % 8 != 0)
        {
            bytes[^1] &= (byte)((1 << (int)(used % 8)) - 1); // what fills the last byte up stays 0
        }

        return bytes;
    }
}
