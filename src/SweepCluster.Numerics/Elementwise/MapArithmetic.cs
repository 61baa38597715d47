using System.Numerics.Tensors;

namespace SweepCluster.Numerics.Elementwise;

/// <summary>Arithmetic on whole maps, element by element.</summary>
public static partial class MapArithmetic
{
    /// <summary><c>output = a op b</c>. Lanes that only fill up a block are computed like the others.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <param name="map">The output's map; operands have its channels and lanes.</param>
    /// <param name="output">Receives the samples; its margin is untouched. May be an operand's own values where the maps are the same.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit.</exception>
    public static void Apply(BinaryOperation operation, MapOperand left, MapOperand right, FeatureMap map, Span<float> output, int samples)
    {
        map.Check(output.Length, samples, nameof(output));
        left.Check(map, samples, nameof(left));
        right.Check(map, samples, nameof(right));
        int length = map.Width * map.Lanes;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int block = 0; block < map.Blocks; block++)
            {
                for (int row = 0; row < map.Height; row++)
                {
                    Span<float> to = output.Slice((sample * map.SampleLength) + (block * map.BlockPitch) + map.Origin + (row * map.RowPitch), length);
                    ApplyRow(operation, Row(left, map, sample, block, row), Row(right, map, sample, block, row), to, map.Lanes);
                }
            }
        }
    }

    /// <summary><c>output = op(input)</c>.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="alpha">First parameter, where the operation has one.</param>
    /// <param name="beta">Second parameter, where the operation has one.</param>
    /// <param name="input">The operand.</param>
    /// <param name="map">The output's map; the input's, but for the margin.</param>
    /// <param name="output">Receives the samples; its margin is untouched.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit.</exception>
    public static void Apply(UnaryOperation operation, float alpha, float beta, MapOperand input, FeatureMap map, Span<float> output, int samples)
    {
        map.Check(output.Length, samples, nameof(output));
        input.Check(map, samples, nameof(input));
        int length = map.Width * map.Lanes;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int block = 0; block < map.Blocks; block++)
            {
                for (int row = 0; row < map.Height; row++)
                {
                    Span<float> to = output.Slice((sample * map.SampleLength) + (block * map.BlockPitch) + map.Origin + (row * map.RowPitch), length);
                    ApplyRow(operation, alpha, beta, Row(input, map, sample, block, row), to);
                }
            }
        }
    }

    private static ReadOnlySpan<float> Row(MapOperand operand, FeatureMap output, int sample, int block, int row)
    {
        FeatureMap map = operand.Map;
        int start = (sample * operand.SampleStep) + (block * map.BlockPitch) + map.Origin;
        return operand.IsBroadcastTo(output) ? operand.Values.Slice(start, map.Lanes) : operand.Values.Slice(start + (row * map.RowPitch), map.Width * map.Lanes);
    }

    // A side that is shorter than the row holds the lanes of one column, which stand for every column.
    private static void ApplyRow(BinaryOperation operation, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> to, int lanes)
    {
        if (left.Length == to.Length && right.Length == to.Length)
        {
            ApplyEqual(operation, left, right, to);
            return;
        }

        if (lanes == 1 && left.Length == to.Length)
        {
            ApplyScalar(operation, left, right[0], to);
            return;
        }

        for (int i = 0; i < to.Length; i += lanes)
        {
            ApplyEqual(
                operation,
                left.Length == to.Length ? left.Slice(i, lanes) : left,
                right.Length == to.Length ? right.Slice(i, lanes) : right,
                to.Slice(i, lanes));
        }
    }

    private static void ApplyEqual(BinaryOperation operation, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> to)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                TensorPrimitives.Add(left, right, to);
                break;
            case BinaryOperation.Subtract:
                TensorPrimitives.Subtract(left, right, to);
                break;
            case BinaryOperation.Multiply:
                TensorPrimitives.Multiply(left, right, to);
                break;
            case BinaryOperation.Divide:
                TensorPrimitives.Divide(left, right, to);
                break;
            case BinaryOperation.Maximum:
                TensorPrimitives.Max(left, right, to);
                break;
            case BinaryOperation.Minimum:
                TensorPrimitives.Min(left, right, to);
                break;
            default:
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = ScalarFunctions.Evaluate(operation, left[i], right[i]);
                }

                break;
        }
    }

    private static void ApplyScalar(BinaryOperation operation, ReadOnlySpan<float> left, float right, Span<float> to)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                TensorPrimitives.Add(left, right, to);
                break;
            case BinaryOperation.Subtract:
                TensorPrimitives.Subtract(left, right, to);
                break;
            case BinaryOperation.Multiply:
                TensorPrimitives.Multiply(left, right, to);
                break;
            case BinaryOperation.Divide:
                TensorPrimitives.Divide(left, right, to);
                break;
            case BinaryOperation.Maximum:
                TensorPrimitives.Max(left, right, to);
                break;
            case BinaryOperation.Minimum:
                TensorPrimitives.Min(left, right, to);
                break;
            default:
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = ScalarFunctions.Evaluate(operation, left[i], right);
                }

                break;
        }
    }
}
