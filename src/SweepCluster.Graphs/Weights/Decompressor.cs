using SweepCluster.Graphs.Weights.Decoding;

namespace SweepCluster.Graphs.Weights;

/// <summary>Turns stored weights, and the parts of joint forms, back into the values that a device computes with: all at once, or piece by piece, with the same bits.</summary>
public static class Decompressor
{
    /// <summary>Values of one piece.</summary>
    public const int PieceElements = 1 << 16;

    private const int UnloadEvery = 64; // pieces

    /// <summary>The values as float32, row-major: exactly those that the device sees in the type that it computes in.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">The form holds codes or types that no device of the format decodes, an index past its table, or more elements than an array can hold.</exception>
    public static float[] ToFloat32(CompressedWeight weight)
    {
        DecodedValues decoded = DecodedValues.Of(weight);
        try
        {
            float[] values = GC.AllocateUninitializedArray<float>(decoded.Count);
            decoded.Read(0, values);
            return values;
        }
        finally
        {
            weight.Unload();
        }
    }

    /// <summary>The values of <see cref="ToFloat32"/> in pieces, for who looks at them once: what it takes does not grow with the weight.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <param name="elements">Values of one piece, 1 or more; the last one may have fewer.</param>
    /// <returns>The pieces in order, each valid until the next one is asked for.</returns>
    /// <exception cref="BadInputException">As <see cref="ToFloat32"/>, when the first piece is asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="elements"/> is less than 1.</exception>
    public static IEnumerable<ReadOnlyMemory<float>> Pieces(CompressedWeight weight, int elements = PieceElements)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elements);
        return FloatPieces(weight, elements);
    }

    private static IEnumerable<ReadOnlyMemory<float>> FloatPieces(CompressedWeight weight, int elements)
    {
        DecodedValues decoded = DecodedValues.Of(weight);
        float[] values = new float[Math.Min(elements, decoded.Count)];
        foreach ((int start, int length) in Parts(weight, decoded.Count, elements))
        {
            decoded.Read(start, values.AsSpan(0, length));
            yield return values.AsMemory(0, length);
        }
    }

    /// <summary>The values in the type that the device computes in. A dense weight that is stored in that type is returned itself.</summary>
    /// <param name="weight">Any stored form. Its type is float16 or float32; parts of joint forms (a compressed palette) may be integers of at most 8 bits.</param>
    /// <exception cref="BadInputException">As <see cref="ToFloat32"/>; or they take more than 2 GB.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The type is another one.</exception>
    public static DenseWeight ToDense(CompressedWeight weight)
    {
        if (weight is DenseWeight dense && dense.Values.Type == dense.Type)
        {
            return dense;
        }

        DecodedValues decoded = DecodedValues.Of(weight);
        try
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(DenseLength(weight));
            decoded.ReadStored(0, decoded.Count, bytes);
            return new DenseWeight(weight.Type, new TensorData(weight.Type, weight.Shape, bytes));
        }
        finally
        {
            weight.Unload();
        }
    }

    /// <summary>The bytes of <see cref="ToDense"/> in pieces: what it takes does not grow with the weight.</summary>
    /// <param name="weight">As there.</param>
    /// <param name="elements">Values of one piece, 8 or a multiple of it; the last one may have fewer.</param>
    /// <returns>The pieces in order, each valid until the next one is asked for.</returns>
    /// <exception cref="BadInputException">As there, when the first piece is asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">As there; or <paramref name="elements"/> is no multiple of 8, or less than 8.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> DensePieces(CompressedWeight weight, int elements = PieceElements)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elements);
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements % DecodedValues.Step, 0, nameof(elements)); // packed values share bytes
        return StoredPieces(weight, elements);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> StoredPieces(CompressedWeight weight, int elements)
    {
        DecodedValues decoded = DecodedValues.Of(weight);
        byte[] bytes = new byte[weight.Type.ByteCount(Math.Min(elements, decoded.Count))];
        foreach ((int start, int length) in Parts(weight, decoded.Count, elements))
        {
            int filled = (int)weight.Type.ByteCount(length);
            decoded.ReadStored(start, length, bytes.AsSpan(0, filled));
            yield return bytes.AsMemory(0, filled);
        }
    }

    /// <summary>Bytes that the values of a weight take in the type that the device computes in.</summary>
    /// <exception cref="BadInputException">More than one tensor can have.</exception>
    public static int DenseLength(CompressedWeight weight)
    {
        long bytes = weight.Type.ByteCount(weight.Shape.ElementCount);
        return bytes <= Array.MaxLength
            ? (int)bytes
            : throw new BadInputException($"compressed weight {weight.Shape}: found {bytes} bytes of {weight.Type.Name()} values, expected at most {Array.MaxLength}, which one tensor can have.");
    }

    /// <summary><c>(data - offset) * scale</c>, each step rounded to the scales' type: what scales over values that are no codes mean (those of a palette in a joint form).</summary>
    /// <param name="data">Any numbers, rank K.</param>
    /// <param name="scales">Rank K, float16 or float32; each extent divides that of <paramref name="data"/>, the quotient is the block's extent on that axis.</param>
    /// <param name="offsets">Of the shape of <paramref name="scales"/>; null where every offset is 0.</param>
    /// <returns>A tensor of the shape of <paramref name="data"/>, in the scales' type.</returns>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other.</exception>
    public static TensorData ShiftScale(TensorData data, TensorData scales, TensorData? offsets)
    {
        if (offsets is not null && offsets.Shape != scales.Shape)
        {
            throw new ArgumentException($"Scales {scales.Shape} and offsets {offsets.Shape} do not fit each other.", nameof(offsets));
        }

        BlockRuns blocks = new(data.Shape, scales.Shape.Extents.AsSpan());
        float[] values = data.ToFloat32();
        LinearArithmetic.StepByStep(scales, offsets).Apply(values, 0, blocks);
        return TensorData.FromFloats(scales.Type, data.Shape, values);
    }

    private static IEnumerable<(int Start, int Length)> Parts(CompressedWeight weight, int count, int elements)
    {
        try
        {
            for (int start = 0, part = 1; start < count; start += Math.Min(elements, count - start), part++)
            {
                yield return (start, Math.Min(elements, count - start));
                if (part % UnloadEvery == 0)
                {
                    weight.Unload();
                }
            }
        }
        finally
        {
            weight.Unload();
        }
    }
}
