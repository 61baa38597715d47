using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.MatrixProducts;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Lowering;

/// <content>Products of matrices.</content>
internal sealed partial class GraphLowering
{
    private Tensor Linear(NodeReader node)
    {
        Tensor x = Value(node, "x");
        ParameterSource weight = node.Numbers("weight");
        if (x.Rank == 0 || weight.Shape.Rank != 2 || weight.Shape[1] != x.Shape[^1])
        {
            throw new LoweringException($"has a weight {weight.Shape}, which does not fit an input {x.Shape}");
        }

        ParameterSource? bias = node.OptionalNumbers("bias");
        if (bias is not null && bias.Shape.ElementCount != weight.Shape[0])
        {
            throw new LoweringException($"has a bias {bias.Shape}, expected {weight.Shape[0]} values");
        }

        return Linear(node.Node.Name, x, weight, weight.Shape[0], bias, values => values);
    }

    // Rows of the last axis times a weight that is arranged as [outputs, inputs].
    private Tensor Linear(string name, Tensor x, ParameterSource weight, int outputs, ParameterSource? bias, Func<ReadOnlyMemory<float>, ReadOnlyMemory<float>> arrange)
    {
        int inputs = x.Shape[^1], rows = checked((int)(x.Shape.ElementCount / inputs));
        Shape shape = x.Shape.With(x.Rank - 1, outputs);
        if (rows > 1)
        {
            return LinearOfRows(name, x, weight, outputs, bias, arrange);
        }

        if (LinearWeights.PackedCount(inputs, outputs) > AlignedFloats.MaxLength)
        {
            throw new LoweringException(
                $"has a weight {weight.Shape} that takes {LinearWeights.PackedCount(inputs, outputs)} floats with its outputs filled up, expected at most {AlignedFloats.MaxLength}");
        }

        Parameter weights = NewParameter([weight], values => LinearWeights.Pack(inputs, outputs, arrange(values[0]).Span));
        LinearStep step = new() { Output = NewSlot(name, outputs, 1, 1), Parameters = [weights, Bias(bias, outputs, LinearWeights.PanelLanes)] };
        return new(Emit(step, Plain(x)), shape);
    }

    // Several rows of one sample are the pixels of a picture whose channels are the columns.
    private Tensor LinearOfRows(
        string name, Tensor x, ParameterSource weight, int outputs, ParameterSource? bias, Func<ReadOnlyMemory<float>, ReadOnlyMemory<float>> arrange)
    {
        int inputs = x.Shape[^1], rows = checked((int)(x.Shape.ElementCount / inputs));
        Tensor transposed = Permute(name, x with { Shape = new(1, rows, inputs) }, [0, 2, 1]);
        Slot input = Blocked(Arranged(transposed, inputs, rows, 1)), output = NewSlot(name, outputs, rows, 1);
        Convolve(new(input.Map, output.Map, 1, 1), input, output, weight, bias, arrange);
        return Permute(name, new(output, new(1, outputs, rows)), [0, 2, 1]) with { Shape = x.Shape.With(x.Rank - 1, outputs) };
    }

    private Tensor MatrixProduct(NodeReader node)
    {
        bool transposeX = node.Flag("transpose_x", false), transposeY = node.Flag("transpose_y", false);
        if (!node.IsComputed("y") && node.Numbers("y") is { Shape.Rank: 2 } weight && !transposeX)
        {
            Tensor value = Value(node, "x");
            (int inputs, int columns) = transposeY ? (weight.Shape[1], weight.Shape[0]) : (weight.Shape[0], weight.Shape[1]);
            if (value.Rank == 0 || value.Shape[^1] != inputs)
            {
                throw new LoweringException($"has a matrix {weight.Shape}, which does not fit an input {value.Shape}");
            }

            return Linear(node.Node.Name, value, weight, columns, null, values => transposeY ? values : Transposed(values.Span, inputs, columns));
        }

        Tensor x = MatrixOf(node, Value(node, "x"), transposeX), y = MatrixOf(node, Value(node, "y"), transposeY);
        if (x.Shape[^1] != y.Shape[^2])
        {
            throw new LoweringException($"has matrices {x.Shape} and {y.Shape}, expected as many columns as rows");
        }

        Shape batch = Broadcast(Leading(x.Shape), Leading(y.Shape));
        int m = x.Shape[^2], k = x.Shape[^1], n = y.Shape[^1];
        MatrixProductStep step = new()
        {
            Output = NewSlot(node.Node.Name, checked((int)(batch.ElementCount * m * n)), 1, 1),
            Left = Array.ConvertAll(BroadcastMap(Leading(x.Shape), batch), place => place * m * k),
            Right = Array.ConvertAll(BroadcastMap(Leading(y.Shape), batch), place => place * k * n),
            M = m,
            K = k,
            N = n,
        };
        return new(Emit(step, Plain(x), Plain(y)), new Shape([.. batch.Extents, m, n]));
    }

    private Tensor MatrixOf(NodeReader node, Tensor x, bool transpose)
    {
        if (x.Rank < 2)
        {
            throw new LoweringException($"has a value {x.Shape}, expected a matrix");
        }

        return transpose ? Permute(node.Node.Name, x, [.. Enumerable.Range(0, x.Rank - 2), x.Rank - 1, x.Rank - 2]) : x;
    }

    private static Shape Leading(Shape shape) => new(shape.Extents.AsSpan()[..^2]);

    private static float[] Transposed(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        float[] transposed = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }

    // The input with zeros between its elements, then a convolution with the kernel flipped.
    private Tensor ConvolutionTranspose(NodeReader node)
    {
        Tensor x = Spatial(node);
        ParameterSource weight = node.Numbers("weight");
        int groups = node.Integer("groups", 1), axes = x.Rank - 2;
        if (weight.Shape.Rank != x.Rank || groups < 1 || weight.Shape[0] != x.Shape[1] || x.Shape[1] % groups != 0)
        {
            throw new LoweringException($"has a weight {weight.Shape} in {groups} groups, which does not fit an input {x.Shape}");
        }

        int outputs = checked(weight.Shape[1] * groups);
        ParameterSource? bias = node.OptionalNumbers("bias");
        if (bias is not null && bias.Shape.ElementCount != outputs)
        {
            throw new LoweringException($"has a bias {bias.Shape}, expected {outputs} values");
        }

        int[] kernel = [weight.Shape[2], axes == 2 ? weight.Shape[3] : 1], strides = node.PerAxis("strides", axes), dilations = node.PerAxis("dilations", axes);
        FeatureMap map = x.Slot.Map;
        TransposedWindow y = TransposedWindow.Create(node, 0, axes, map.Height, kernel[0], strides[0], dilations[0]);
        TransposedWindow x2 = TransposedWindow.Create(node, 1, axes, map.Width, kernel[1], strides[1], dilations[1]);
        Shape apart = new(1, map.Channels, y.Padded, x2.Padded);
        Tensor input = Rearrange(node.Node.Name, x with { Shape = new(1, map.Channels, map.Height, map.Width) }, apart, () => ElementMap.Combine(
            [0], ElementMap.Steps(map.Channels, map.Height * map.Width), y.Sources(map.Height, strides[0], map.Width), x2.Sources(map.Width, strides[1], 1)));
        Slot blocked = Blocked(input.Slot), output = NewSlot(node.Node.Name, outputs, y.Outputs, x2.Outputs);
        int taps = kernel[0] * kernel[1], inputsOfGroup = map.Channels / groups, outputsOfGroup = weight.Shape[1];
        Convolve(
            new(blocked.Map, output.Map, kernel[0], kernel[1], 1, 1, dilations[0], dilations[1], 0, 0, groups), blocked, output, weight, bias,
            values => FlipKernels(values.Span, groups, inputsOfGroup, outputsOfGroup, taps));
        return new(output, SpatialShape(x.Rank, outputs, y.Outputs, x2.Outputs));
    }

    // [inputs, outputs of a group, taps] to [outputs, inputs of a group, taps from the last to the first].
    private static float[] FlipKernels(ReadOnlySpan<float> values, int groups, int inputs, int outputs, int taps)
    {
        float[] flipped = new float[values.Length];
        for (int group = 0; group < groups; group++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    int from = ((((group * inputs) + input) * outputs) + output) * taps, to = ((((group * outputs) + output) * inputs) + input) * taps;
                    for (int tap = 0; tap < taps; tap++)
                    {
                        flipped[to + taps - 1 - tap] = values[from + tap];
                    }
                }
            }
        }

        return flipped;
    }
}
