using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations on each element.</content>
internal sealed partial class GraphLowering
{
    private Tensor Unary(NodeReader node, UnaryOperation operation, float alpha = 0f, float beta = 0f)
    {
        Tensor x = Value(node, "x");
        FeatureMap map = x.Slot.Map;
        UnaryStep step = new()
        {
            Output = NewSlot(node.Node.Name, map.Channels, map.Height, map.Width, map.Lanes),
            Operation = operation,
            Alpha = alpha,
            Beta = beta,
        };
        return new(Emit(step, x.Slot), x.Rank);
    }

    private Tensor Binary(NodeReader node, BinaryOperation operation)
    {
        bool computedX = node.IsComputed("x"), computedY = node.IsComputed("y");
        return computedX && computedY ? BinaryOfValues(node, operation)
            : computedX ? BinaryWithConstant(node, operation, Value(node, "x"), node.Numbers("y"), constantFirst: false)
            : BinaryWithConstant(node, operation, Value(node, "y"), node.Numbers("x"), constantFirst: true);
    }

    private Tensor BinaryOfValues(NodeReader node, BinaryOperation operation)
    {
        Tensor x = Value(node, "x"), y = Value(node, "y");
        FeatureMap left = x.Slot.Map, right = y.Slot.Map;
        bool sameSize = left.Height == right.Height && left.Width == right.Width;
        bool spreads = (left.Height == 1 && left.Width == 1) || (right.Height == 1 && right.Width == 1);
        if (x.Rank != y.Rank || left.Channels != right.Channels || (!sameSize && !spreads))
        {
            throw new LoweringException($"has inputs {x.Shape} and {y.Shape}, expected the same shape, or one row and one column");
        }

        bool planar = left.Lanes == 1 && right.Lanes == 1;
        Slot first = planar ? x.Slot : Blocked(x.Slot), second = planar ? y.Slot : Blocked(y.Slot);
        Slot output = NewSlot(
            node.Node.Name, left.Channels, Math.Max(left.Height, right.Height), Math.Max(left.Width, right.Width), first.Map.Lanes);
        return new(Emit(new BinaryStep { Output = output, Operation = operation }, first, second), x.Rank);
    }

    private Tensor BinaryWithConstant(NodeReader node, BinaryOperation operation, Tensor x, ParameterSource constant, bool constantFirst)
    {
        FeatureMap map = x.Slot.Map;
        (int channels, bool everyElement) = ClassifyConstant(x, constant.Shape);
        FeatureMap constantMap = everyElement ? map.WithoutMargin() : new(map.Channels, 1, 1, map.Lanes);
        return Constant(node.Node.Name, operation, x, [constant], values => BinaryStep.Expand(values[0].Span, channels, constantMap), constantMap, constantFirst);
    }

    private Tensor BatchNorm(NodeReader node)
    {
        Tensor x = Spatial(node);
        int channels = x.Slot.Map.Channels;
        float epsilon = node.Number("epsilon", 1e-5f);
        float[] ones = new float[channels];
        ones.AsSpan().Fill(1f);
        ParameterSource mean = node.Numbers("mean"), variance = node.Numbers("variance");
        ParameterSource gamma = node.OptionalNumbers("gamma") ?? new(new Shape(channels), ones);
        ParameterSource beta = node.OptionalNumbers("beta") ?? new(new Shape(channels), new float[channels]);
        foreach (ParameterSource source in new[] { mean, variance, gamma, beta })
        {
            if (source.Shape.ElementCount != channels)
            {
                throw new LoweringException($"has a constant {source.Shape}, expected {channels} values");
            }
        }

        FeatureMap map = new(channels, 1, 1, x.Slot.Map.Lanes);
        float Scale(ReadOnlyMemory<float>[] values, int i) => values[2].Span[i] / MathF.Sqrt(values[1].Span[i] + epsilon);
        Tensor scaled = Constant(
            node.Node.Name,
            BinaryOperation.Multiply,
            x,
            [mean, variance, gamma],
            values => BinaryStep.Expand([.. Enumerable.Range(0, channels).Select(i => Scale(values, i))], channels, map),
            map);
        return Constant(
            node.Node.Name,
            BinaryOperation.Add,
            scaled,
            [mean, variance, gamma, beta],
            values => BinaryStep.Expand(
                [.. Enumerable.Range(0, channels).Select(i => MathF.FusedMultiplyAdd(-values[0].Span[i], Scale(values, i), values[3].Span[i]))], channels, map),
            map);
    }

    private Tensor Constant(
        string name,
        BinaryOperation operation,
        Tensor x,
        System.Collections.Immutable.ImmutableArray<ParameterSource> sources,
        Func<ReadOnlyMemory<float>[], AlignedFloats> pack,
        FeatureMap constantMap,
        bool constantFirst = false)
    {
        FeatureMap map = x.Slot.Map;
        BinaryStep step = new()
        {
            Output = NewSlot(name, map.Channels, map.Height, map.Width, map.Lanes),
            Operation = operation,
            ConstantMap = constantMap,
            ConstantFirst = constantFirst,
            Parameters = [NewParameter(sources, pack)],
        };
        return new(Emit(step, x.Slot), x.Rank);
    }

    // How a constant spreads over a value, axes aligned at the last one: one number, one a channel, or one an element.
    private static (int Channels, bool EveryElement) ClassifyConstant(Tensor x, Shape shape)
    {
        FeatureMap map = x.Slot.Map;
        if (shape.ElementCount == 1 && shape.Rank <= x.Rank)
        {
            return (1, false);
        }

        int[] full = [.. Enumerable.Repeat(1, Math.Max(0, x.Rank - shape.Rank)), .. shape.Extents];
        int[] padded = [.. full, .. Enumerable.Repeat(1, Math.Max(0, 4 - full.Length))];
        bool fits = full.Length == x.Rank && padded[0] == 1 && (padded[1] == map.Channels || padded[1] == 1);
        bool everyElement = fits && padded[2] == map.Height && padded[3] == map.Width && (map.Height > 1 || map.Width > 1);
        return fits && (everyElement || (padded[2] == 1 && padded[3] == 1))
            ? (padded[1], everyElement)
            : throw new LoweringException($"has a constant {shape} beside a value {x.Shape}, expected one number, one for each channel, or one for each element");
    }
}
