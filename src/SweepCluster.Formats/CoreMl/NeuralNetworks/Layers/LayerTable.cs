using SweepCluster.Formats.CoreMl.Protos;
using Kind = SweepCluster.Formats.CoreMl.Protos.NeuralNetworkLayer.LayerOneofCase;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Which layers have operations that stand for them.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<Kind, Func<LayerScope, Blob[]>> s_layers = new()
    {
        [Kind.Convolution] = One(WindowLayers.Convolution),
        [Kind.Pooling] = One(WindowLayers.Pooling),
        [Kind.Activation] = One(ActivationLayers.Activation),
        [Kind.InnerProduct] = One(MatrixLayers.InnerProduct),
        [Kind.BatchedMatmul] = One(MatrixLayers.BatchedProduct),
        [Kind.Embedding] = One(MatrixLayers.Embedding),
        [Kind.EmbeddingND] = One(MatrixLayers.EmbeddingOfAnyRank),
        [Kind.Dot] = One(MatrixLayers.DotProduct),
        [Kind.Batchnorm] = One(NormalizationLayers.BatchNorm),
        [Kind.Mvn] = One(NormalizationLayers.MeanVariance),
        [Kind.L2Normalize] = One(NormalizationLayers.Length),
        [Kind.LayerNormalization] = One(NormalizationLayers.Layer),
        [Kind.Lrn] = One(NormalizationLayers.LocalResponse),
        [Kind.Softmax] = One(NormalizationLayers.Softmax),
        [Kind.SoftmaxND] = One(NormalizationLayers.SoftmaxOfAnyAxis),
        [Kind.Unary] = One(ActivationLayers.Unary),
        [Kind.Clip] = One(ActivationLayers.Clip),
        [Kind.ClampedReLU] = One(ActivationLayers.ClampedRelu),
        [Kind.Gelu] = One(ActivationLayers.Gelu),
        [Kind.Copy] = One(scope => scope.Input()),
        [Kind.Add] = One(ArithmeticLayers.Add),
        [Kind.Multiply] = One(ArithmeticLayers.Multiply),
        [Kind.Average] = One(ArithmeticLayers.Average),
        [Kind.Max] = One(scope => ArithmeticLayers.Fold(scope, "maximum")),
        [Kind.Min] = One(scope => ArithmeticLayers.Fold(scope, "minimum")),
        [Kind.Scale] = One(ArithmeticLayers.Scale),
        [Kind.Bias] = One(ArithmeticLayers.Bias),
        [Kind.Reduce] = One(ReductionLayers.Reduce),
        [Kind.ArgMax] = One(scope => ReductionLayers.Place(scope, "reduce_argmax", scope.Layer.ArgMax)),
        [Kind.ArgMin] = One(scope => ReductionLayers.Place(scope, "reduce_argmin", scope.Layer.ArgMin)),
        [Kind.ReduceL1] = One(scope => ReductionLayers.OverAxes(scope, "reduce_l1_norm", scope.Layer.ReduceL1)),
        [Kind.ReduceL2] = One(scope => ReductionLayers.OverAxes(scope, "reduce_l2_norm", scope.Layer.ReduceL2)),
        [Kind.ReduceMax] = One(scope => ReductionLayers.OverAxes(scope, "reduce_max", scope.Layer.ReduceMax)),
        [Kind.ReduceMin] = One(scope => ReductionLayers.OverAxes(scope, "reduce_min", scope.Layer.ReduceMin)),
        [Kind.ReduceSum] = One(scope => ReductionLayers.OverAxes(scope, "reduce_sum", scope.Layer.ReduceSum)),
        [Kind.ReduceProd] = One(scope => ReductionLayers.OverAxes(scope, "reduce_prod", scope.Layer.ReduceProd)),
        [Kind.ReduceMean] = One(scope => ReductionLayers.OverAxes(scope, "reduce_mean", scope.Layer.ReduceMean)),
        [Kind.ReduceLogSum] = One(scope => ReductionLayers.OverAxes(scope, "reduce_log_sum", scope.Layer.ReduceLogSum)),
        [Kind.ReduceSumSquare] = One(scope => ReductionLayers.OverAxes(scope, "reduce_sum_square", scope.Layer.ReduceSumSquare)),
        [Kind.ReduceLogSumExp] = One(scope => ReductionLayers.OverAxes(scope, "reduce_log_sum_exp", scope.Layer.ReduceLogSumExp)),
        [Kind.LoadConstant] = One(ConstantLayers.Planes),
        [Kind.LoadConstantND] = One(ConstantLayers.OfAnyRank),
        [Kind.FillStatic] = One(ConstantLayers.Fill),
        [Kind.Crop] = One(PictureLayers.Crop),
        [Kind.Padding] = One(PictureLayers.Padding),
        [Kind.Upsample] = One(PictureLayers.Upsample),
        [Kind.ResizeBilinear] = One(PictureLayers.ResizeBilinear),
        [Kind.ReorganizeData] = One(PictureLayers.Reorganize),
        [Kind.Reshape] = One(SequenceLayers.Reshape),
        [Kind.Flatten] = One(SequenceLayers.Flatten),
        [Kind.Permute] = One(SequenceLayers.Permute),
        [Kind.Concat] = One(SequenceLayers.Concat),
        [Kind.Split] = SequenceLayers.Split,
        [Kind.SequenceRepeat] = One(SequenceLayers.Repeat),
        [Kind.Slice] = One(SequenceLayers.Slice),
        [Kind.ConcatND] = One(AxisLayers.Concat),
        [Kind.SplitND] = AxisLayers.Split,
        [Kind.Stack] = One(AxisLayers.Stack),
        [Kind.Tile] = One(AxisLayers.Tile),
        [Kind.Reverse] = One(AxisLayers.Reverse),
        [Kind.Transpose] = One(AxisLayers.Transpose),
        [Kind.SliceStatic] = One(AxisLayers.Slice),
        [Kind.ConstantPad] = One(AxisLayers.Pad),
        [Kind.Squeeze] = One(ShapeLayers.Squeeze),
        [Kind.ExpandDims] = One(ShapeLayers.ExpandDims),
        [Kind.FlattenTo2D] = One(ShapeLayers.FlattenToMatrix),
        [Kind.ReshapeStatic] = One(ShapeLayers.Reshape),
        [Kind.ReshapeLike] = One(ShapeLayers.ReshapeLike),
        [Kind.RankPreservingReshape] = One(ShapeLayers.ReshapeKeepingRank),
        [Kind.BroadcastToStatic] = One(ShapeLayers.Broadcast),
        [Kind.BroadcastToLike] = One(ShapeLayers.BroadcastLike),
    };

    // Layers of one operation with the same inputs.
    private static readonly Dictionary<Kind, string> s_unary = new()
    {
        [Kind.Ceil] = "ceil",
        [Kind.Floor] = "floor",
        [Kind.Sign] = "sign",
        [Kind.Round] = "round",
        [Kind.Exp2] = "exp2",
        [Kind.Sin] = "sin",
        [Kind.Cos] = "cos",
        [Kind.Tan] = "tan",
        [Kind.Asin] = "asin",
        [Kind.Acos] = "acos",
        [Kind.Atan] = "atan",
        [Kind.Sinh] = "sinh",
        [Kind.Cosh] = "cosh",
        [Kind.Tanh] = "tanh",
        [Kind.Atanh] = "atanh",
        [Kind.Erf] = "erf",
        [Kind.LogicalNot] = "logical_not",
    };

    private static readonly Dictionary<Kind, (string Type, Func<NeuralNetworkLayer, float>? Alpha)> s_binary = new()
    {
        [Kind.Equal] = ("equal", layer => layer.Equal.Alpha),
        [Kind.NotEqual] = ("not_equal", layer => layer.NotEqual.Alpha),
        [Kind.LessThan] = ("less", layer => layer.LessThan.Alpha),
        [Kind.LessEqual] = ("less_equal", layer => layer.LessEqual.Alpha),
        [Kind.GreaterThan] = ("greater", layer => layer.GreaterThan.Alpha),
        [Kind.GreaterEqual] = ("greater_equal", layer => layer.GreaterEqual.Alpha),
        [Kind.LogicalAnd] = ("logical_and", null),
        [Kind.LogicalOr] = ("logical_or", null),
        [Kind.LogicalXor] = ("logical_xor", null),
        [Kind.ModBroadcastable] = ("mod", null),
        [Kind.MinBroadcastable] = ("minimum", null),
        [Kind.MaxBroadcastable] = ("maximum", null),
        [Kind.AddBroadcastable] = ("add", null),
        [Kind.PowBroadcastable] = ("pow", null),
        [Kind.DivideBroadcastable] = ("real_div", null),
        [Kind.FloorDivBroadcastable] = ("floor_div", null),
        [Kind.MultiplyBroadcastable] = ("mul", null),
        [Kind.SubtractBroadcastable] = ("sub", null),
    };

    /// <summary>How a layer becomes operations; null where no operation stands for it.</summary>
    internal static Func<LayerScope, Blob[]>? Find(Kind kind) => s_layers.TryGetValue(kind, out Func<LayerScope, Blob[]>? translate) ? translate
        : s_unary.TryGetValue(kind, out string? unary) ? One(scope => scope.EachElement(unary, scope.Input()))
        : s_binary.TryGetValue(kind, out (string Type, Func<NeuralNetworkLayer, float>? Alpha) binary) ? One(scope => ArithmeticLayers.Broadcast(scope, binary.Type, binary.Alpha))
        : null;

    private static Func<LayerScope, Blob[]> One(Func<LayerScope, Blob> translate) => scope => [translate(scope)];
}
