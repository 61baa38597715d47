using System.Numerics.Tensors;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>What a device computes from codes, with the scale and the zero point or the bias of their block.</summary>
internal sealed class LinearArithmetic
{
    // Below this length of a run a call for each run costs more than its vectors save.
    private const int ShortestVectorRun = 16;

    private const int RoundedAtOnce = 1024;

    private readonly ElementType _type;
    private readonly FloatWindow _scales;
    private readonly FloatWindow? _offsets;
    private readonly FloatWindow? _biases;
    private readonly bool _roundsSteps;
    private float[] _rounded = []; // offsets of a row

    private LinearArithmetic(TensorData scales, TensorData? offsets, TensorData? biases, bool roundsSteps)
    {
        _type = scales.Type;
        _scales = new FloatWindow(DecodedValues.Of(scales));
        _offsets = offsets is null ? null : new FloatWindow(DecodedValues.Of(offsets));
        _biases = biases is null ? null : new FloatWindow(DecodedValues.Of(biases));
        _roundsSteps = roundsSteps;
    }

    /// <summary>That of codes.</summary>
    internal static LinearArithmetic Of(QuantizedWeight weight) => weight.Arithmetic switch
    {
        DecodeArithmetic.ScaleType => InScaleType(weight.Codes.Type, weight.Scales, weight.ZeroPoints),
        DecodeArithmetic.ScaleAndBias => new LinearArithmetic(weight.Scales, null, weight.Biases, roundsSteps: false),
        _ => new LinearArithmetic(weight.Scales, weight.ZeroPoints, null, roundsSteps: false),
    };

    /// <summary>In the scales' type step by step: code and zero point to that type, their difference, its product with the scale.</summary>
    /// <remarks>For codes of up to 11 bits the first two are exact in float16 and the product of a difference and a float16 scale is exact in float32, so that one rounding at the end gives
    /// the same; so it does in float32, which holds every code.</remarks>
    internal static LinearArithmetic InScaleType(ElementType codes, TensorData scales, TensorData? zeroPoints) =>
        new(scales, zeroPoints, null, scales.Type == ElementType.Float16 && (codes.BitWidth() > HalfRange.IntegerBits || zeroPoints?.Type.IsFloat() == true));

    /// <summary>The same for numbers of any type, each step rounded.</summary>
    internal static LinearArithmetic StepByStep(TensorData scales, TensorData? offsets) => new(scales, offsets, null, roundsSteps: true);

    /// <summary>Scales alone, of values of their type.</summary>
    internal static LinearArithmetic Scaling(TensorData scales) => new(scales, null, null, roundsSteps: false);

    /// <summary>Computes adjacent values of any blocks.</summary>
    /// <param name="values">Codes; receives the values.</param>
    /// <param name="start">Index of the first in the tensor.</param>
    /// <param name="blocks">The tensor's blocks.</param>
    internal void Apply(Span<float> values, int start, BlockRuns blocks)
    {
        if (blocks.RunLength == 1 && _biases is null)
        {
            ApplyOneByOne(values, start, blocks);
        }
        else
        {
            foreach ((int first, int length, int block) in blocks.Part(start, values.Length))
            {
                Apply(values.Slice(first - start, length), block);
            }
        }

        RoundTo(_type, values);
    }

    /// <summary>Computes values of one block; <see cref="Round"/> comes after it.</summary>
    /// <param name="run">Codes; receives the values.</param>
    /// <param name="block">The block.</param>
    internal void Apply(Span<float> run, int block)
    {
        float offset = _offsets is null ? 0 : _offsets[block];
        if (_roundsSteps)
        {
            RoundTo(_type, run);
            if (_offsets is not null)
            {
                ShiftScale(run, Rounded(offset), 1);
                RoundTo(_type, run);
            }

            offset = 0;
        }

        ShiftScale(run, offset, _scales[block]);
        if (_biases is not null)
        {
            TensorPrimitives.Add(run, _biases[block], run); // rounded after the product and after the sum, never fused
        }
    }

    /// <summary>The rounding at the end, of values of any blocks.</summary>
    internal void Round(Span<float> values) => RoundTo(_type, values);

    /// <summary>Rounds values to float16 where that is the type.</summary>
    internal static void RoundTo(ElementType type, Span<float> values)
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

    // Each value has a scale of its own, and those of a row stand side by side as the values do.
    private void ApplyOneByOne(Span<float> values, int start, BlockRuns blocks)
    {
        if (_roundsSteps)
        {
            RoundTo(_type, values);
        }

        while (values.Length > 0)
        {
            int block = blocks.BlockOf(start), length = Math.Min(blocks.RunsOfRow - (start % blocks.RunsOfRow), values.Length);
            Span<float> row = values[..length];
            if (_offsets is not null)
            {
                Shift(row, _offsets.Slice(block, length));
            }

            TensorPrimitives.Multiply(row, _scales.Slice(block, length), row);
            start += length;
            values = values[length..];
        }
    }

    private void Shift(Span<float> row, ReadOnlySpan<float> offsets)
    {
        if (!_roundsSteps)
        {
            TensorPrimitives.Subtract(row, offsets, row);
            return;
        }

        _rounded = _rounded.Length >= row.Length ? _rounded : new float[row.Length];
        Span<float> rounded = _rounded.AsSpan(0, row.Length);
        offsets.CopyTo(rounded); // they are asked for again
        RoundTo(_type, rounded);
        TensorPrimitives.Subtract(row, rounded, row);
        RoundTo(_type, row);
    }

    private float Rounded(float offset) => _type == ElementType.Float16 ? (float)(Half)offset : offset;

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
}
