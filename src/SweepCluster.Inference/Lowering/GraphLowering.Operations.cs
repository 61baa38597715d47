using SweepCluster.Inference.Steps;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Lowering;

/// <content>The operations of ML programs that can be run, by name.</content>
internal sealed partial class GraphLowering
{
    private static readonly Dictionary<string, BinaryOperation> s_binary = new()
    {
        ["add"] = BinaryOperation.Add,
        ["sub"] = BinaryOperation.Subtract,
        ["mul"] = BinaryOperation.Multiply,
        ["real_div"] = BinaryOperation.Divide,
        ["floor_div"] = BinaryOperation.FloorDivide,
        ["mod"] = BinaryOperation.Modulo,
        ["pow"] = BinaryOperation.Power,
        ["maximum"] = BinaryOperation.Maximum,
        ["minimum"] = BinaryOperation.Minimum,
        ["equal"] = BinaryOperation.Equal,
        ["not_equal"] = BinaryOperation.NotEqual,
        ["less"] = BinaryOperation.Less,
        ["less_equal"] = BinaryOperation.LessEqual,
        ["greater"] = BinaryOperation.Greater,
        ["greater_equal"] = BinaryOperation.GreaterEqual,
        ["logical_and"] = BinaryOperation.And,
        ["logical_or"] = BinaryOperation.Or,
        ["logical_xor"] = BinaryOperation.Xor,
    };

    private static readonly Dictionary<string, UnaryOperation> s_unary = new()
    {
        ["abs"] = UnaryOperation.Abs,
        ["acos"] = UnaryOperation.Acos,
        ["asin"] = UnaryOperation.Asin,
        ["atan"] = UnaryOperation.Atan,
        ["atanh"] = UnaryOperation.Atanh,
        ["ceil"] = UnaryOperation.Ceil,
        ["cos"] = UnaryOperation.Cos,
        ["cosh"] = UnaryOperation.Cosh,
        ["erf"] = UnaryOperation.Erf,
        ["exp"] = UnaryOperation.Exp,
        ["exp2"] = UnaryOperation.Exp2,
        ["floor"] = UnaryOperation.Floor,
        ["logical_not"] = UnaryOperation.LogicalNot,
        ["relu"] = UnaryOperation.Relu,
        ["round"] = UnaryOperation.Round,
        ["sigmoid"] = UnaryOperation.Sigmoid,
        ["sign"] = UnaryOperation.Sign,
        ["silu"] = UnaryOperation.Silu,
        ["sin"] = UnaryOperation.Sin,
        ["sinh"] = UnaryOperation.Sinh,
        ["softplus"] = UnaryOperation.Softplus,
        ["softsign"] = UnaryOperation.Softsign,
        ["sqrt"] = UnaryOperation.Sqrt,
        ["square"] = UnaryOperation.Square,
        ["tan"] = UnaryOperation.Tan,
        ["tanh"] = UnaryOperation.Tanh,
    };

    private static readonly Dictionary<string, Reduction> s_reductions = new()
    {
        ["reduce_argmax"] = Reduction.ArgMax,
        ["reduce_argmin"] = Reduction.ArgMin,
        ["reduce_l1_norm"] = Reduction.L1,
        ["reduce_l2_norm"] = Reduction.L2,
        ["reduce_log_sum"] = Reduction.LogOfSum,
        ["reduce_log_sum_exp"] = Reduction.LogOfSumOfExp,
        ["reduce_max"] = Reduction.Max,
        ["reduce_mean"] = Reduction.Mean,
        ["reduce_min"] = Reduction.Min,
        ["reduce_prod"] = Reduction.Product,
        ["reduce_sum"] = Reduction.Sum,
        ["reduce_sum_square"] = Reduction.SumOfSquares,
    };

    // They give a value other axes, and move no element.
    private static readonly HashSet<string> s_reshapes = ["reshape", "squeeze", "expand_dims", "flatten2d"];

    // Inputs that no number depends on: what they say stands in the declared shape or type too, or is checked in any case.
    private static readonly Dictionary<string, string[]> s_withoutEffect = new()
    {
        ["reshape"] = ["shape"],
        ["squeeze"] = ["axes"],
        ["expand_dims"] = ["axes"],
        ["flatten2d"] = ["axis"],
        ["gather"] = ["validate_indices"],
        ["reduce_argmax"] = ["output_dtype"],
        ["reduce_argmin"] = ["output_dtype"],
    };

    private static readonly Dictionary<string, Func<GraphLowering, NodeReader, Tensor>> s_operations = Operations();

    private static Dictionary<string, Func<GraphLowering, NodeReader, Tensor>> Operations()
    {
        Dictionary<string, Func<GraphLowering, NodeReader, Tensor>> operations = new()
        {
            ["relu6"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Clip, 0f, 6f),
            ["clip"] = (lowering, node) => lowering.Unary(
                node, UnaryOperation.Clip, node.Number("alpha", float.NegativeInfinity), node.Number("beta", float.PositiveInfinity)),
            ["clamped_relu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.ClampedRelu, node.Number("alpha"), node.Number("beta")),
            ["elu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Elu, node.Number("alpha", 1f)),
            ["gelu"] = (lowering, node) => lowering.Gelu(node),
            ["inverse"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Inverse, node.Number("epsilon", 1e-4f)),
            ["leaky_relu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.LeakyRelu, node.Number("alpha", 0.01f)),
            ["linear_activation"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Linear, node.Number("alpha"), node.Number("beta", 0f)),
            ["log"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Log, node.Number("epsilon", 1e-45f)),
            ["rsqrt"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Rsqrt, node.Number("epsilon", 1e-12f)),
            ["scaled_tanh"] = (lowering, node) => lowering.Unary(node, UnaryOperation.ScaledTanh, node.Number("alpha", 1f), node.Number("beta", 1f)),
            ["sigmoid_hard"] = (lowering, node) => lowering.Unary(
                node, UnaryOperation.HardSigmoid, node.Number("alpha", 0.2f), node.Number("beta", 0.5f)),
            ["threshold"] = (lowering, node) => lowering.Unary(node, UnaryOperation.Clip, node.Number("alpha", 0f), float.PositiveInfinity),
            ["thresholded_relu"] = (lowering, node) => lowering.Unary(node, UnaryOperation.ThresholdedRelu, node.Number("alpha", 1f)),
            ["prelu"] = (lowering, node) => lowering.WithChannels(node, BinaryOperation.PRelu, lowering.Value(node, "x"), "alpha", constantFirst: false),
            ["softplus_parametric"] = (lowering, node) => lowering.SoftplusParametric(node),
            ["batch_norm"] = (lowering, node) => lowering.BatchNorm(node),
            ["instance_norm"] = (lowering, node) => lowering.InstanceNorm(node),
            ["layer_norm"] = (lowering, node) => lowering.LayerNorm(node),
            ["l2_norm"] = (lowering, node) => lowering.L2Norm(node),
            ["local_response_norm"] = (lowering, node) => lowering.LocalResponseNorm(node),
            ["conv"] = (lowering, node) => lowering.Convolution(node),
            ["conv_transpose"] = (lowering, node) => lowering.ConvolutionTranspose(node),
            ["linear"] = (lowering, node) => lowering.Linear(node),
            ["matmul"] = (lowering, node) => lowering.MatrixProduct(node),
            ["max_pool"] = (lowering, node) => lowering.Pool(node, PoolKind.Max),
            ["avg_pool"] = (lowering, node) => lowering.Pool(node, node.Flag("exclude_padding_from_average", false) ? PoolKind.AverageInside : PoolKind.Average),
            ["l2_pool"] = (lowering, node) => lowering.Pool(node, PoolKind.L2),
            ["softmax"] = (lowering, node) => lowering.Softmax(node),
            ["concat"] = (lowering, node) => lowering.Concat(node),
            ["stack"] = (lowering, node) => lowering.Stack(node),
            ["split"] = (lowering, node) => lowering.Split(node),
            ["pad"] = (lowering, node) => lowering.Pad(node),
            ["crop"] = (lowering, node) => lowering.Crop(node),
            ["transpose"] = (lowering, node) => lowering.Transpose(node),
            ["reverse"] = (lowering, node) => lowering.Reverse(node),
            ["tile"] = (lowering, node) => lowering.Tile(node),
            ["gather"] = (lowering, node) => lowering.Gather(node),
            ["slice_by_index"] = (lowering, node) => lowering.SliceByIndex(node),
            ["slice_by_size"] = (lowering, node) => lowering.SliceBySize(node),
            ["depth_to_space"] = (lowering, node) => lowering.DepthToSpace(node, node.Integer("block_size", 2), blocksFirst: true),
            ["pixel_shuffle"] = (lowering, node) => lowering.DepthToSpace(node, node.Integer("upscale_factor", 2), blocksFirst: false),
            ["space_to_depth"] = (lowering, node) => lowering.SpaceToDepth(node, node.Integer("block_size", 2), blocksFirst: true),
            ["pixel_unshuffle"] = (lowering, node) => lowering.SpaceToDepth(node, node.Integer("downscale_factor", 2), blocksFirst: false),
            ["upsample_nearest_neighbor"] = (lowering, node) => lowering.UpsampleNearest(node),
            ["upsample_bilinear"] = (lowering, node) => lowering.UpsampleBilinear(node),
            ["resize_nearest_neighbor"] = (lowering, node) => lowering.ResizeNearest(node),
            ["resize_bilinear"] = (lowering, node) => lowering.ResizeBilinear(node),
            ["cast"] = (lowering, node) => lowering.Cast(node),
            ["identity"] = (lowering, node) => lowering.Value(node, "x"),
        };
        foreach (string name in s_reshapes)
        {
            operations.Add(name, (lowering, node) => lowering.Reshape(node));
        }

        foreach ((string name, BinaryOperation operation) in s_binary)
        {
            operations.Add(name, (lowering, node) => lowering.Binary(node, operation));
        }

        foreach ((string name, UnaryOperation operation) in s_unary)
        {
            operations.Add(name, (lowering, node) => lowering.Unary(node, operation));
        }

        foreach ((string name, Reduction reduction) in s_reductions)
        {
            operations.Add(name, (lowering, node) => lowering.Reduce(node, reduction));
        }

        return operations;
    }
}
