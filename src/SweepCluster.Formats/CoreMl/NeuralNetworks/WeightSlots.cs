using Google.Protobuf.Collections;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Lists the weights of a layer, with the shapes that its other fields give them.</summary>
/// <remarks>Source of shapes and of where scales for each output channel may stand: the format's <c>NeuralNetwork.proto</c> and coremltools' validation of it.</remarks>
internal static class WeightSlots
{
    /// <summary>The weights that a layer reads, in the order of its fields; none of a layer that has none or takes them as inputs.</summary>
    /// <exception cref="OverflowException">An extent is over 2^31 - 1.</exception>
    /// <exception cref="ArgumentException">The layer's other fields give a weight no extents.</exception>
    internal static IEnumerable<WeightSlot> Of(NeuralNetworkLayer layer) => All(layer).Where(slot => WeightParamsReader.HoldsAny(slot.Params)).Select(
        slot => slot.Shape.Rank > 0 ? slot : throw new ArgumentException($"{slot.Name} has none", nameof(layer)));

    private static IEnumerable<WeightSlot> All(NeuralNetworkLayer layer) => layer.LayerCase switch
    {
        NeuralNetworkLayer.LayerOneofCase.Convolution => Convolution(layer.Convolution),
        NeuralNetworkLayer.LayerOneofCase.Convolution3D => Convolution(layer.Convolution3D),
        NeuralNetworkLayer.LayerOneofCase.InnerProduct when layer.InnerProduct is var product =>
            WithBias(Rows(product.Weights, "weights", "linear", "weight", product.OutputChannels, product.InputChannels) with { IsMain = true }, product.HasBias, product.Bias, product.OutputChannels),
        NeuralNetworkLayer.LayerOneofCase.BatchedMatmul when layer.BatchedMatmul is var product =>
            // Column major of [first, second] is row major of [second, first], as a linear operation has it.
            WithBias(
                Rows(product.Weights, "weights", "linear", "weight", product.WeightMatrixSecondDimension, product.WeightMatrixFirstDimension) with { IsMain = true },
                product.HasBias, product.Bias, product.WeightMatrixSecondDimension),
        NeuralNetworkLayer.LayerOneofCase.Embedding when layer.Embedding is var embedding =>
            WithBias(Rows(embedding.Weights, "weights", "gather", "x", embedding.OutputChannels, embedding.InputDim) with { IsMain = true }, embedding.HasBias, embedding.Bias, embedding.OutputChannels),
        NeuralNetworkLayer.LayerOneofCase.EmbeddingND when layer.EmbeddingND is var embedding =>
            WithBias(Rows(embedding.Weights, "weights", "gather", "x", embedding.EmbeddingSize, embedding.VocabSize) with { IsMain = true }, embedding.HasBias, embedding.Bias, embedding.EmbeddingSize),
        NeuralNetworkLayer.LayerOneofCase.Batchnorm => BatchNorm(layer.Batchnorm),
        NeuralNetworkLayer.LayerOneofCase.LayerNormalization when layer.LayerNormalization is var norm =>
        [
            new WeightSlot("gamma", norm.Gamma, ShapeOf(norm.NormalizedShape), "layer_norm", "gamma"),
            new WeightSlot("beta", norm.Beta, ShapeOf(norm.NormalizedShape), "layer_norm", "beta"),
        ],
        NeuralNetworkLayer.LayerOneofCase.Scale when layer.Scale is var scale =>
        [
            Planes(scale.Scale, "scale", "mul", scale.ShapeScale) with { IsMain = true },
            .. Present(scale.HasBias, Planes(scale.Bias, "bias", "add", scale.ShapeBias)),
        ],
        NeuralNetworkLayer.LayerOneofCase.Bias => [Planes(layer.Bias.Bias, "bias", "add", layer.Bias.Shape) with { IsMain = true }],
        NeuralNetworkLayer.LayerOneofCase.LoadConstant => [Planes(layer.LoadConstant.Data, "data", "const", layer.LoadConstant.Shape) with { IsMain = true, Input = "val" }],
        NeuralNetworkLayer.LayerOneofCase.LoadConstantND when layer.LoadConstantND is var constant =>
            [Axes(new WeightSlot("data", constant.Data, ShapeOf(constant.Shape), "const", "val")) with { IsMain = true }],
        NeuralNetworkLayer.LayerOneofCase.SimpleRecurrent or NeuralNetworkLayer.LayerOneofCase.Gru
            or NeuralNetworkLayer.LayerOneofCase.UniDirectionalLSTM or NeuralNetworkLayer.LayerOneofCase.BiDirectionalLSTM => RecurrentSlots.Of(layer),
        NeuralNetworkLayer.LayerOneofCase.Activation => Activation(layer.Activation),
        NeuralNetworkLayer.LayerOneofCase.Custom => layer.Custom.Weights.Select(Custom).Where(slot => WeightParamsReader.IsCountable(slot.Params)),
        _ => [],
    };

    /// <summary>A matrix whose rows are output channels.</summary>
    internal static WeightSlot Rows(WeightParams? values, string name, string opType, string input, ulong outputs, ulong inputs) =>
        new(name, values ?? new WeightParams(), ShapeOf([outputs, inputs]), opType, input) { InputAxis = 1, ScaleShapes = [ShapeOf([outputs, 1])] };

    /// <summary>One value for each output channel.</summary>
    internal static WeightSlot Vector(WeightParams? values, string name, string opType, string input, ulong length) =>
        new(name, values ?? new WeightParams(), ShapeOf([length]), opType, input);

    private static IEnumerable<WeightSlot> WithBias(WeightSlot main, bool hasBias, WeightParams? bias, ulong outputs) =>
        [main, .. Present(hasBias, Vector(bias, "bias", main.OpType == "gather" ? "add" : main.OpType, main.OpType == "gather" ? "y" : "bias", outputs))];

    private static IEnumerable<WeightSlot> Present(bool isPresent, WeightSlot slot) => isPresent ? [slot] : [];

    private static IEnumerable<WeightSlot> Convolution(ConvolutionLayerParams convolution)
    {
        (ulong height, ulong width) = convolution.KernelSize.Count == 2 ? (convolution.KernelSize[0], convolution.KernelSize[1]) : (3, 3);
        return Convolution(
            convolution.Weights, convolution.OutputChannels, convolution.KernelChannels, Math.Max(1, convolution.NGroups), convolution.IsDeconvolution, [height, width],
            convolution.HasBias, convolution.Bias);
    }

    private static IEnumerable<WeightSlot> Convolution(Convolution3DLayerParams convolution)
    {
        ulong groups = (ulong)Math.Max(1, convolution.NGroups), inputs = (ulong)Math.Max(0, convolution.InputChannels);
        return Convolution(
            convolution.Weights, (ulong)Math.Max(0, convolution.OutputChannels), convolution.IsDeconvolution ? inputs : inputs / groups, groups, convolution.IsDeconvolution,
            [(ulong)Math.Max(0, convolution.KernelDepth), (ulong)Math.Max(0, convolution.KernelHeight), (ulong)Math.Max(0, convolution.KernelWidth)], convolution.HasBias, convolution.Bias);
    }

    private static IEnumerable<WeightSlot> Convolution(
        WeightParams? weights, ulong outputs, ulong kernelChannels, ulong groups, bool isTransposed, ulong[] kernel, bool hasBias, WeightParams? bias)
    {
        ulong[] ones = Array.ConvertAll(kernel, _ => 1UL);
        WeightSlot main = isTransposed
            ? new WeightSlot("weights", weights ?? new WeightParams(), ShapeOf([kernelChannels, outputs / groups, .. kernel]), "conv_transpose", "weight")
            {
                OutputAxis = 1,

                // One scale for each output channel of each group; coremltools writes those of one group for all.
                ScaleShapes = groups > 1 && kernelChannels % groups == 0
                    ? [ShapeOf([groups, outputs / groups, .. ones]), ShapeOf([1, outputs / groups, .. ones])]
                    : [ShapeOf([1, outputs / groups, .. ones])],
                IsMain = true,
            }
            : new WeightSlot("weights", weights ?? new WeightParams(), ShapeOf([outputs, kernelChannels, .. kernel]), "conv", "weight")
            {
                InputAxis = 1,
                ScaleShapes = [ShapeOf([outputs, 1, .. ones])],
                IsMain = true,
            };
        return [main, .. Present(hasBias, Vector(bias, "bias", main.OpType, "bias", outputs))];
    }

    private static IEnumerable<WeightSlot> BatchNorm(BatchnormLayerParams norm)
    {
        (string Name, WeightParams Values)[] slots = [("gamma", norm.Gamma), ("beta", norm.Beta), ("mean", norm.Mean), ("variance", norm.Variance)];
        return slots.Select(slot => Vector(slot.Values, slot.Name, norm.InstanceNormalization ? "instance_norm" : "batch_norm", slot.Name, norm.Channels) with { SharesPrecision = false });
    }

    // Shape [C] or [C, H, W]; scales for each C where there are several.
    private static WeightSlot Planes(WeightParams? values, string name, string opType, RepeatedField<ulong> shape)
    {
        WeightSlot slot = Axes(new WeightSlot(name, values ?? new WeightParams(), ShapeOf(shape), opType, "y"));
        return shape.Count == 3 && shape[0] > 1 ? slot with { ScaleShapes = [ShapeOf([shape[0], 1, 1])] } : slot;
    }

    private static WeightSlot Axes(WeightSlot slot) => slot with { InputAxis = Math.Min(1, Math.Max(0, slot.Shape.Rank - 1)) };

    private static IEnumerable<WeightSlot> Activation(ActivationParams activation) => activation.NonlinearityTypeCase switch
    {
        ActivationParams.NonlinearityTypeOneofCase.PReLU => [Measured(activation.PReLU.Alpha, "alpha", "prelu", "alpha")],
        ActivationParams.NonlinearityTypeOneofCase.ParametricSoftplus =>
        [
            Measured(activation.ParametricSoftplus.Alpha, "alpha", "softplus_parametric", "alpha"),
            Measured(activation.ParametricSoftplus.Beta, "beta", "softplus_parametric", "beta"),
        ],
        _ => [],
    };

    private static WeightSlot Custom(WeightParams values, int index) => Measured(values, $"weights_{index}", "custom", $"weights_{index}") with { SharesPrecision = false };

    // Nothing but the values says how many there are.
    private static WeightSlot Measured(WeightParams? values, string name, string opType, string input) =>
        new(name, values ?? new WeightParams(), new Shape(WeightParamsReader.CountOf(values)), opType, input);

    private static Shape ShapeOf(IEnumerable<ulong> extents) => new([.. extents.Select(extent => checked((int)extent))]);

    private static Shape ShapeOf(IEnumerable<long> extents) => new([.. extents.Select(extent => checked((int)extent))]);
}
