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
    private Tensor Unary(NodeReader node, UnaryOperation operation, float alpha = 0f, float beta = 0f) =>
        Unary(node.Node.Name, Value(node, "x"), operation, alpha, beta);

    private Tensor Unary(string name, Tensor x, UnaryOperation operation, float alpha = 0f, float beta = 0f)
    {
        FeatureMap map = x.Slot.Map;
        UnaryStep step = new()
        {
            Output = NewSlot(name, map.Channels, map.Height, map.Width, map.Lanes),
            Operation = operation,
            Alpha = alpha,
            Beta = beta,
        };
        return new(Emit(step, x.Slot), x.Shape);
    }

    private Tensor Gelu(NodeReader node) => Unary(node, node.Text("mode", "EXACT") switch
    {
        "EXACT" => UnaryOperation.GeluExact,
        "TANH_APPROXIMATION" => UnaryOperation.GeluTanh,
        "SIGMOID_APPROXIMATION" => UnaryOperation.GeluSigmoid,
        string mode => throw new LoweringException($"has the mode '{mode}', expected EXACT, TANH_APPROXIMATION or SIGMOID_APPROXIMATION"),
    });

    private Tensor Binary(NodeReader node, BinaryOperation operation)
    {
        bool computedX = node.IsComputed("x"), computedY = node.IsComputed("y");
        return computedX && computedY ? BinaryOfValues(node, operation, Value(node, "x"), Value(node, "y"))
            : computedX ? BinaryWithConstant(node, operation, Value(node, "x"), node.Numbers("y"), constantFirst: false)
            : computedY ? BinaryWithConstant(node, operation, Value(node, "y"), node.Numbers("x"), constantFirst: true)
            : BinaryWithConstant(node, operation, Value(node, "x"), node.Numbers("y"), constantFirst: false);
    }

    private Tensor BinaryOfValues(NodeReader node, BinaryOperation operation, Tensor x, Tensor y)
    {
        Shape shape = Broadcast(x.Shape, y.Shape);
        if ((x.Shape == shape && IsOneForEachChannel(y.Shape, shape)) || (y.Shape == shape && IsOneForEachChannel(x.Shape, shape)))
        {
            return OfSlots(node, operation, Natural(x), Natural(y), shape);
        }

        Tensor left = BroadcastTo(x, shape), right = BroadcastTo(y, shape);
        FeatureMap map = left.Slot.Map;
        return OfSlots(node, operation, left.Slot, Arranged(right, map.Channels, map.Height, map.Width), shape);
    }

    // Two slots of the same extents, or one row and column beside the whole.
    private Tensor OfSlots(NodeReader node, BinaryOperation operation, Slot left, Slot right, Shape shape)
    {
        if (left.Map.Lanes != right.Map.Lanes)
        {
            (left, right) = (Blocked(left), Blocked(right));
        }

        FeatureMap map = left.Map;
        Slot output = NewSlot(node.Node.Name, map.Channels, Math.Max(map.Height, right.Map.Height), Math.Max(map.Width, right.Map.Width), map.Lanes);
        return new(Emit(new BinaryStep { Output = output, Operation = operation }, left, right), shape);
    }

    // One row and column beside many, channel by channel: the step reads it as it is.
    private static bool IsOneForEachChannel(Shape shape, Shape whole) =>
        shape != whole && shape.Rank == 4 && whole.Rank == 4 && whole[0] == 1 && shape == new Shape(1, whole[1], 1, 1);

    private static Shape Broadcast(Shape x, Shape y)
    {
        int rank = Math.Max(x.Rank, y.Rank);
        int[] left = Aligned(x, rank), right = Aligned(y, rank), both = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            both[axis] = left[axis] == 1 ? right[axis]
                : right[axis] == 1 || right[axis] == left[axis] ? left[axis]
                : throw new LoweringException($"has inputs {x} and {y}, expected extents that are equal or 1");
        }

        return new(both);
    }

    private static int[] Aligned(Shape shape, int rank) => [.. Enumerable.Repeat(1, rank - shape.Rank), .. shape.Extents];

    // The places of a broadcast value's elements.
    private static int[] BroadcastMap(Shape from, Shape to)
    {
        int[] strides = ElementMap.Strides(from), aligned = Aligned(from, to.Rank);
        int first = to.Rank - from.Rank;
        return ElementMap.Combine([.. Enumerable.Range(0, to.Rank).Select(axis =>
            aligned[axis] == 1 ? new int[to[axis]] : ElementMap.Steps(to[axis], strides[axis - first]))]);
    }

    private Tensor BroadcastTo(Tensor x, Shape shape) => x.Shape.ElementCount == shape.ElementCount
        ? x with { Shape = shape }
        : Rearrange(x.Slot.Name, x, shape, () => BroadcastMap(x.Shape, shape));

    private Tensor BinaryWithConstant(NodeReader node, BinaryOperation operation, Tensor x, ParameterSource constant, bool constantFirst)
    {
        if (ClassifyConstant(x, constant.Shape) is (int channels, bool everyElement))
        {
            Tensor laid = constant.Shape.ElementCount == 1 ? x : x with { Slot = Natural(x) };
            FeatureMap map = laid.Slot.Map;
            FeatureMap constantMap = everyElement ? map.WithoutMargin() : new(map.Channels, 1, 1, map.Lanes);
            return Constant(node.Node.Name, operation, laid, [constant], values => BinaryStep.Expand(values[0].Span, channels, constantMap), constantMap, constantFirst);
        }

        Shape shape = Broadcast(x.Shape, constant.Shape);
        Tensor broadcast = BroadcastTo(x, shape);
        FeatureMap whole = broadcast.Slot.Map.WithoutMargin();
        int[] places = BroadcastMap(constant.Shape, shape);
        return Constant(
            node.Node.Name, operation, broadcast, [constant],
            values => BinaryStep.Expand(Array.ConvertAll(places, place => values[0].Span[place]), whole.Channels, whole), whole, constantFirst);
    }

    // One number for each channel, or one for all, which stands alone: its own axis is the channels' whatever its rank.
    private Tensor WithChannels(NodeReader node, BinaryOperation operation, Tensor x, string input, bool constantFirst)
    {
        Tensor laid = Channeled(x);
        ParameterSource constant = node.Numbers(input);
        FeatureMap map = new(laid.Slot.Map.Channels, 1, 1, laid.Slot.Map.Lanes);
        int channels = checked((int)constant.Shape.ElementCount);
        return channels == 1 || channels == map.Channels
            ? Constant(node.Node.Name, operation, laid, [constant], values => BinaryStep.Expand(values[0].Span, channels, map), map, constantFirst)
            : throw new LoweringException($"has '{input}' {constant.Shape}, expected {map.Channels} values");
    }

    // alpha * ln(1 + e^(beta * x))
    private Tensor SoftplusParametric(NodeReader node) => WithChannels(
        node, BinaryOperation.Multiply, WithChannels(node, BinaryOperation.SoftplusOfProduct, Value(node, "x"), "beta", constantFirst: false), "alpha", constantFirst: true);

    // Channels on their axis, whatever follows as rows and columns.
    private Tensor Channeled(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[0] != 1)
        {
            throw new LoweringException($"has an input {x.Shape}, expected [1, C, ...]");
        }

        int width = x.Rank > 3 ? x.Shape[^1] : 1;
        return x with { Slot = Arranged(x, x.Shape[1], checked((int)(x.Shape.ElementCount / x.Shape[1] / width)), width) };
    }

    private Tensor BatchNorm(NodeReader node)
    {
        Tensor x = Channeled(Value(node, "x"));
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
        return new(Emit(step, x.Slot), x.Shape);
    }

    // How a constant is broadcast to a value, axes aligned at the last one: one number, one a channel, or one an element; null for another way.
    private static (int Channels, bool EveryElement)? ClassifyConstant(Tensor x, Shape shape)
    {
        if (shape.ElementCount == 1 && shape.Rank <= x.Rank)
        {
            return (1, false);
        }

        if (x.Rank is < 2 or > 4 || x.Shape[0] != 1 || shape.Rank > x.Rank)
        {
            return null;
        }

        (int channels, int height, int width) = Natural(x.Shape);
        int[] padded = [.. Aligned(shape, x.Rank), .. Enumerable.Repeat(1, 4 - x.Rank)];
        bool fits = padded[0] == 1 && (padded[1] == channels || padded[1] == 1);
        bool everyElement = fits && padded[2] == height && padded[3] == width && (height > 1 || width > 1);
        return fits && (everyElement || (padded[2] == 1 && padded[3] == 1)) ? (padded[1], everyElement) : null;
    }
}
