using System.Numerics.Tensors;
using SweepCluster.Numerics.Packing;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights;

/// <summary>Turns stored weights, and the parts of joint forms, back into the values that a device computes with.</summary>
public static class Decompressor
{
    // Below this length of a run a call for each run costs more than its vectors save.
    private const int ShortestVectorRun = 16;

    // Bits that a float16 number is exact in.
    private const int HalfDigits = 11;

    private const int RoundedAtOnce = 1024;

    /// <summary>The values as float32, row-major: exactly those that the device sees in the type that it computes in.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">The form holds codes or types that no device of the format decodes, an index past its table, or more elements than an array can hold.</exception>
    public static float[] ToFloat32(CompressedWeight weight)
    {
        CheckFits(weight);
        try
        {
            return Decode(weight);
        }
        finally
        {
            weight.Unload();
        }
    }

    /// <summary>The values in the type that the device computes in. A dense weight that is stored in that type is returned itself.</summary>
    /// <param name="weight">Any stored form. Its type is float16 or float32; parts of joint forms (a compressed palette) may be integers of at most 8 bits.</param>
    /// <exception cref="BadInputException">As <see cref="ToFloat32"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The type is another one.</exception>
    public static DenseWeight ToDense(CompressedWeight weight) => weight switch
    {
        DenseWeight dense when dense.Values.Type == dense.Type => dense,
        SparseWeight { Type: ElementType.Float16 or ElementType.Float32 } sparse => Expanded(sparse),
        _ => new DenseWeight(weight.Type, TensorData.FromValues(weight.Type, weight.Shape, ToFloat32(weight))),
    };

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

        BlockRuns runs = new(data.Shape, scales.Shape.Extents.AsSpan());
        float[] values = data.ToFloat32();
        RoundTo(scales.Type, values);
        if (offsets is not null)
        {
            float[] shifts = offsets.ToFloat32();
            RoundTo(scales.Type, shifts);
            Apply(values, runs, shifts, []);
            RoundTo(scales.Type, values);
        }

        Apply(values, runs, [], scales.ToFloat32());
        return TensorData.FromFloats(scales.Type, data.Shape, values);
    }

    private static float[] Decode(CompressedWeight weight) => weight switch
    {
        DenseWeight dense => Dense(dense),
        PalettizedWeight palettized => Palettized(palettized),
        QuantizedWeight quantized => Quantized(quantized),
        SparseWeight sparse => SparseExpansion.ToFloat32(sparse),
        SparsePalettizedWeight sparse => SparsePalettized(sparse),
        SparseQuantizedWeight sparse => SparseQuantized(sparse),
        _ => throw new ArgumentException($"No decoder knows the form {weight.GetType().Name}.", nameof(weight)),
    };

    // A small file can claim a large shape: one bit may stand for a vector of values.
    private static void CheckFits(CompressedWeight weight)
    {
        if (weight.Shape.ElementCount > Array.MaxLength)
        {
            throw new BadInputException($"compressed weight {weight.Shape}: found {weight.Shape.ElementCount} elements, expected at most {Array.MaxLength}, which can be decoded at once.");
        }
    }

    private static DenseWeight Expanded(SparseWeight weight)
    {
        CheckFits(weight);
        try
        {
            return new DenseWeight(weight.Type, SparseExpansion.ToStored(weight));
        }
        finally
        {
            weight.Unload();
        }
    }

    private static float[] Dense(DenseWeight weight)
    {
        float[] values = weight.Values.ToFloat32();
        if (weight.Values.Type != weight.Type)
        {
            RoundTo(weight.Type, values);
        }

        return values;
    }

    private static float[] Palettized(PalettizedWeight weight)
    {
        float[] values = LookUp(Codes(weight.Indices), weight.Indices.Shape, weight.Table, weight.Shape, weight.VectorAxis);
        if (weight.ChannelScales is { } scales)
        {
            Apply(values, new BlockRuns(weight.Shape, scales.Shape.Extents.AsSpan()), [], scales.ToFloat32());
            RoundTo(weight.Type, values);
        }

        return values;
    }

    private static float[] SparsePalettized(SparsePalettizedWeight weight)
    {
        byte[] stored = Codes(weight.Indices);
        Shape tables = weight.Table.Shape;
        int rank = weight.Shape.Rank, entries = tables[rank], length = tables[rank + 1];
        if (length == 1)
        {
            return SparseExpansion.LookUp(weight.Mask, stored, weight.Table.ToFloat32(), new BlockRuns(weight.Shape, tables.Extents.AsSpan()[..rank]), entries);
        }

        // Indices of pruned vectors are 0 while the others are looked up, and what they give is dropped.
        ReadOnlySpan<byte> mask = weight.Mask.Bytes.Span;
        byte[] indices = new byte[weight.Mask.Shape.ElementCount];
        int next = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = IsSet(mask, i) ? stored[next++] : (byte)0;
        }

        float[] values = LookUp(indices, weight.Mask.Shape, weight.Table, weight.Shape, weight.VectorAxis);
        int inner = Inner(weight.Mask.Shape, weight.VectorAxis);
        for (int i = 0; i < indices.Length; i++)
        {
            for (int element = 0; element < length && !IsSet(mask, i); element++)
            {
                values[VectorStart(i, inner, length) + (element * inner)] = 0;
            }
        }

        return values;
    }

    // The stored codes are decoded side by side, and then go to their places.
    private static float[] SparseQuantized(SparseQuantizedWeight weight)
    {
        if (RoundsSteps(weight.Codes.Type, weight.Scales.Type, weight.ZeroPoints))
        {
            float[] values = ScaleCodes(weight.Codes.Type, SparseExpansion.ToFloat32(weight.Mask, SignedCodes(weight.Codes)), weight.Shape, weight.Scales, weight.ZeroPoints);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = IsSet(weight.Mask.Bytes.Span, i) ? values[i] : 0;
            }

            return values;
        }

        float[] kept = SignedCodes(weight.Codes), scales = weight.Scales.ToFloat32();
        float[]? zeros = weight.ZeroPoints?.ToFloat32();
        BlockRuns runs = new(weight.Shape, weight.Scales.Shape.Extents.AsSpan());
        ReadOnlySpan<byte> mask = weight.Mask.Bytes.Span;
        int next = 0;
        foreach ((int start, int block) in runs)
        {
            int ones = SparsePacking.Ones(mask, start, runs.RunLength);
            ShiftScale(kept.AsSpan(next, ones), zeros is null ? 0 : zeros[block], scales[block]);
            next += ones;
        }

        RoundTo(weight.Type, kept);
        return SparseExpansion.ToFloat32(weight.Mask, kept);
    }

    private static float[] LookUp(byte[] indices, Shape shape, PaletteTable tables, Shape decoded, int? vectorAxis)
    {
        float[] table = tables.ToFloat32();
        int entries = tables.Shape[shape.Rank], length = tables.Shape[shape.Rank + 1];
        BlockRuns runs = new(shape, tables.Shape.Extents.AsSpan()[..shape.Rank]);
        int inner = Inner(shape, vectorAxis);
        float[] values = new float[decoded.ElementCount];
        foreach ((int start, int block) in runs)
        {
            ReadOnlySpan<float> palette = table.AsSpan(block * entries * length, entries * length);
            for (int i = start; i < start + runs.RunLength; i++)
            {
                int at = length == 1 ? i : VectorStart(i, inner, length);
                for (int element = 0; element < length; element++)
                {
                    values[at + (element * inner)] = palette[(indices[i] * length) + element];
                }
            }
        }

        return values;
    }

    // The elements of a vector lie this far apart, one for each step along the vector's axis.
    private static int Inner(Shape shape, int? vectorAxis)
    {
        int inner = 1;
        for (int axis = (vectorAxis ?? shape.Rank) + 1; axis < shape.Rank; axis++)
        {
            inner *= shape[axis];
        }

        return inner;
    }

    private static int VectorStart(int index, int inner, int length) => (index / inner * inner * length) + (index % inner);

    private static bool IsSet(ReadOnlySpan<byte> mask, int index) => (mask[index >> 3] & (1 << (index & 7))) != 0;

    private static float[] Quantized(QuantizedWeight weight) => weight.Arithmetic switch
    {
        DecodeArithmetic.ScaleType => ScaleCodes(weight.Codes.Type, SignedCodes(weight.Codes), weight.Shape, weight.Scales, weight.ZeroPoints),
        DecodeArithmetic.ScaleAndBias => ScaleAndShift(weight),
        _ => ScaleOnce(SignedCodes(weight.Codes), weight.Shape, weight.Scales, weight.ZeroPoints),
    };

    // In float32: one rounding after the product, one after the sum, never fused.
    private static float[] ScaleAndShift(QuantizedWeight weight)
    {
        float[] values = SignedCodes(weight.Codes), scales = weight.Scales.ToFloat32();
        float[]? biases = weight.Biases?.ToFloat32();
        BlockRuns runs = new(weight.Shape, weight.Scales.Shape.Extents.AsSpan());
        foreach ((int start, int block) in runs)
        {
            Span<float> run = values.AsSpan(start, runs.RunLength);
            TensorPrimitives.Multiply(run, scales[block], run);
            if (biases is not null)
            {
                TensorPrimitives.Add(run, biases[block], run);
            }
        }

        return values;
    }

    // In the scales' type step by step: code and zero point to that type, their difference, its product with the scale. For codes of up to 11 bits the first two are exact in float16 and
    // the product of a difference and a float16 scale is exact in float32, so that one rounding at the end gives the same; so it does in float32, which holds every code.
    private static float[] ScaleCodes(ElementType type, float[] codes, Shape shape, TensorData scales, TensorData? zeroPoints) =>
        RoundsSteps(type, scales.Type, zeroPoints)
            ? ShiftScale(TensorData.FromFloat32(shape, codes), scales, zeroPoints).ToFloat32()
            : ScaleOnce(codes, shape, scales, zeroPoints);

    private static bool RoundsSteps(ElementType codes, ElementType scales, TensorData? zeroPoints) =>
        scales == ElementType.Float16 && (codes.BitWidth() > HalfDigits || zeroPoints?.Type.IsFloat() == true);

    // In float32, then one rounding to the scales' type.
    private static float[] ScaleOnce(float[] codes, Shape shape, TensorData scales, TensorData? zeroPoints)
    {
        Apply(codes, new BlockRuns(shape, scales.Shape.Extents.AsSpan()), zeroPoints?.ToFloat32(), scales.ToFloat32());
        RoundTo(scales.Type, codes);
        return codes;
    }

    // Indices into a palette, one a byte.
    private static byte[] Codes(TensorData tensor)
    {
        if (!tensor.Type.IsInteger() || tensor.Type.BitWidth() > 8)
        {
            throw new BadInputException($"compressed weight {tensor.Shape}: found indices of {tensor.Type.Name()}, expected integers of at most 8 bits.");
        }

        byte[] codes = new byte[tensor.Shape.ElementCount];
        BitPacking.Unpack(tensor.Bytes.Span, tensor.Type.BitWidth(), codes);
        return codes;
    }

    private static float[] SignedCodes(TensorData tensor) => tensor.Type.IsInteger() && tensor.Type.BitWidth() <= 16
        ? tensor.ToFloat32()
        : throw new BadInputException($"compressed weight {tensor.Shape}: found codes of {tensor.Type.Name()}, expected integers of at most 16 bits.");

    // value = (value - offset) * scale, one of each a block; no offsets, or no scales, where the span is empty.
    private static void Apply(Span<float> values, BlockRuns runs, ReadOnlySpan<float> offsets, ReadOnlySpan<float> scales)
    {
        foreach ((int start, int block) in runs)
        {
            ShiftScale(values.Slice(start, runs.RunLength), offsets.IsEmpty ? 0 : offsets[block], scales.IsEmpty ? 1 : scales[block]);
        }
    }

    private static void ShiftScale(Span<float> run, float offset, float scale)
    {
        if (run.Length >= ShortestVectorRun)
        {
            TensorPrimitives.Subtract(run, offset, run);
            TensorPrimitives.Multiply(run, scale, run);
            return;
        }

        foreach (ref float value in run)
        {
            value = (value - offset) * scale;
        }
    }

    private static void RoundTo(ElementType type, Span<float> values)
    {
        if (type != ElementType.Float16)
        {
            return;
        }

        Span<Half> halves = stackalloc Half[RoundedAtOnce];
        for (int done = 0; done < values.Length; done += RoundedAtOnce)
        {
            Span<float> part = values.Slice(done, Math.Min(RoundedAtOnce, values.Length - done));
            TensorPrimitives.ConvertToHalf(part, halves);
            TensorPrimitives.ConvertToSingle(halves[..part.Length], part);
        }
    }
}
