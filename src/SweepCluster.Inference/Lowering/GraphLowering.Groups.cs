using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Pooling;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations on groups of elements: reductions, softmax, normalisations.</content>
internal sealed partial class GraphLowering
{
    private Tensor Reduce(NodeReader node, Reduction kind)
    {
        Tensor x = Value(node, "x");
        bool keeps = node.Flag("keep_dims", false);
        int[] axes = kind is Reduction.ArgMax or Reduction.ArgMin ? [node.Axis("axis", x.Rank, -1)] : node.Axes("axes", x.Rank);
        Shape shape = new([.. x.Shape.Extents.Select((extent, axis) => axes.Contains(axis) ? 1 : extent).Where((_, axis) => keeps || !axes.Contains(axis))]);
        if (kind == Reduction.Mean && x.Rank == 4 && x.Shape[0] == 1 && axes is [2, 3])
        {
            Slot input = Blocked(Natural(x)), average = NewSlot(node.Node.Name, input.Map.Channels, 1, 1);
            PoolGeometry geometry = new(input.Map, average.Map, input.Map.Height, input.Map.Width);
            return new(Emit(new PoolStep { Output = average, Geometry = geometry, Kind = PoolKind.AverageInside }, input), shape);
        }

        Slot plain = Plain(x), output = NewSlot(node.Node.Name, checked((int)shape.ElementCount), 1, 1);
        (int[] starts, int[] steps) = ElementMap.Groups(x.Shape, axes);
        ReduceStep step = new() { Output = output, Starts = starts, Offsets = steps, Kind = kind, Epsilon = node.Number("epsilon", 0f) };
        return new(Emit(step, plain), shape);
    }

    private Tensor Softmax(NodeReader node)
    {
        Tensor x = Value(node, "x");
        Slot input = Plain(x), output = NewSlot(node.Node.Name, input.Map.Channels, 1, 1);
        (int[] starts, int[] steps) = ElementMap.Groups(x.Shape, [node.Axis("axis", x.Rank, -1)]);
        return new(Emit(new SoftmaxStep { Output = output, Starts = starts, Offsets = steps }, input), x.Shape);
    }

    private Tensor InstanceNorm(NodeReader node)
    {
        Tensor x = Value(node, "x");
        if (x.Rank < 3 || x.Shape[0] != 1)
        {
            throw new LoweringException($"has an input {x.Shape}, expected [1, C, ...]");
        }

        Tensor normal = Normalize(node, x, [.. Enumerable.Range(2, x.Rank - 2)], center: true, scale: true, 1e-5f);
        Tensor scaled = node.OptionalNumbers("gamma") is null ? normal : WithChannels(node, BinaryOperation.Multiply, normal, "gamma", constantFirst: false);
        return node.OptionalNumbers("beta") is null ? scaled : WithChannels(node, BinaryOperation.Add, scaled, "beta", constantFirst: false);
    }

    private Tensor LayerNorm(NodeReader node)
    {
        Tensor x = Value(node, "x");
        int[] axes = node.Axes("axes", x.Rank);
        Tensor normal = Normalize(node, x, axes, center: true, scale: true, 1e-5f);
        foreach ((string input, BinaryOperation operation) in new[] { ("gamma", BinaryOperation.Multiply), ("beta", BinaryOperation.Add) })
        {
            if (node.OptionalNumbers(input) is { } constant)
            {
                normal = BinaryWithConstant(node, operation, normal, OverAxes(constant, x.Shape, axes), constantFirst: false);
            }
        }

        return normal;
    }

    // The constant has the normalised axes alone; extents of 1 stand for the others.
    private static ParameterSource OverAxes(ParameterSource constant, Shape shape, int[] axes)
    {
        Shape over = new([.. shape.Extents.Select((extent, axis) => axes.Contains(axis) ? extent : 1)]);
        return over.ElementCount == constant.Shape.ElementCount ? constant.Reshape(over)
            : throw new LoweringException($"has a constant {constant.Shape}, expected one value for each element of {over}");
    }

    private Tensor L2Norm(NodeReader node)
    {
        Tensor x = Value(node, "x");
        return x.Rank >= 3 ? Normalize(node, x, [x.Rank - 3, x.Rank - 2, x.Rank - 1], center: false, scale: true, 1e-6f)
            : throw new LoweringException($"has an input {x.Shape}, expected 3 axes or more");
    }

    private Tensor Normalize(NodeReader node, Tensor x, int[] axes, bool center, bool scale, float epsilon)
    {
        Slot input = Plain(x), output = NewSlot(node.Node.Name, input.Map.Channels, 1, 1);
        (int[] starts, int[] steps) = ElementMap.Groups(x.Shape, axes);
        NormalizeStep step = new()
        {
            Output = output,
            Starts = starts,
            Offsets = steps,
            Center = center,
            Scale = scale,
            Epsilon = node.Number("epsilon", epsilon),
        };
        return new(Emit(step, input), x.Shape);
    }

    private Tensor LocalResponseNorm(NodeReader node)
    {
        Tensor x = Channeled(Value(node, "x"));
        int size = node.Integers("size", 1)[0];
        if (size < 1)
        {
            throw new LoweringException($"sums over {size} channels, expected at least 1");
        }

        LocalResponseStep step = new()
        {
            Output = NewSlot(node.Node.Name, x.Slot.Map.Channels, x.Slot.Map.Height, x.Slot.Map.Width),
            Size = size,
            Alpha = node.Number("alpha", 1e-4f),
            Beta = node.Number("beta", 0.75f),
            K = node.Number("k", 1f),
        };
        return new(Emit(step, x.Slot), x.Shape);
    }
}
