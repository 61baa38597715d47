using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.MatrixProducts;
using SweepCluster.Numerics.Pooling;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations with windows or matrices.</content>
internal sealed partial class GraphLowering
{
    private Tensor Convolution(NodeReader node)
    {
        Tensor x = Spatial(node);
        ParameterSource weight = node.Numbers("weight");
        int groups = node.Integer("groups", 1);
        if (weight.Shape.Rank != 4 || groups < 1 || weight.Shape[0] % groups != 0 || weight.Shape[1] * groups != x.Slot.Map.Channels)
        {
            throw new LoweringException($"has a weight {weight.Shape} in {groups} groups, which does not fit an input {x.Shape}");
        }

        int outputs = weight.Shape[0];
        ParameterSource? bias = node.OptionalNumbers("bias");
        if (bias is not null && bias.Shape.ElementCount != outputs)
        {
            throw new LoweringException($"has a bias {bias.Shape}, expected {outputs} values");
        }

        // With few channels the planar kernel reads no lanes that only fill up a block.
        bool planar = x.Slot.Map.Lanes == 1 && x.Slot.Map.Channels < FeatureMap.BlockLanes && groups == 1;
        Slot input = planar ? x.Slot : Blocked(x.Slot);
        int[] strides = node.Integers("strides", 2, 1), dilations = node.Integers("dilations", 2, 1);
        Window y = Window.Create(node, 0, input.Map.Height, weight.Shape[2], strides[0], dilations[0], ceiling: false);
        Window x2 = Window.Create(node, 1, input.Map.Width, weight.Shape[3], strides[1], dilations[1], ceiling: false);
        Slot output = NewSlot(node.Node.Name, outputs, y.Outputs, x2.Outputs);
        ConvolutionGeometry geometry = new(
            input.Map, output.Map, weight.Shape[2], weight.Shape[3], strides[0], strides[1], dilations[0], dilations[1], y.Before, x2.Before, groups);
        if (geometry.PackedWeightCount > AlignedFloats.MaxLength)
        {
            throw new LoweringException($"has a weight {weight.Shape} that takes {geometry.PackedWeightCount} floats with its channels filled up, expected at most {AlignedFloats.MaxLength}");
        }

        Parameter weights = NewParameter([weight], values => ConvolutionWeights.Pack(geometry, values[0].Span));
        ConvolutionStep step = new() { Output = output, Geometry = geometry, Parameters = [weights, Bias(bias, outputs, FeatureMap.BlockLanes)] };
        return new(Emit(step, input), 4);
    }

    private Tensor Linear(NodeReader node)
    {
        Tensor x = Value(node, "x");
        ParameterSource weight = node.Numbers("weight");
        if (x.Rank != 2 || weight.Shape.Rank != 2 || weight.Shape[1] != x.Slot.Map.Channels)
        {
            throw new LoweringException($"has a weight {weight.Shape}, which does not fit an input {x.Shape}");
        }

        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        ParameterSource? bias = node.OptionalNumbers("bias");
        if (bias is not null && bias.Shape.ElementCount != outputs)
        {
            throw new LoweringException($"has a bias {bias.Shape}, expected {outputs} values");
        }

        if (LinearWeights.PackedCount(inputs, outputs) > AlignedFloats.MaxLength)
        {
            throw new LoweringException(
                $"has a weight {weight.Shape} that takes {LinearWeights.PackedCount(inputs, outputs)} floats with its outputs filled up, expected at most {AlignedFloats.MaxLength}");
        }

        Parameter weights = NewParameter([weight], values => LinearWeights.Pack(inputs, outputs, values[0].Span));
        LinearStep step = new() { Output = NewSlot(node.Node.Name, outputs, 1, 1), Parameters = [weights, Bias(bias, outputs, LinearWeights.PanelLanes)] };
        return new(Emit(step, Blocked(x.Slot)), 2);
    }

    private Tensor Pool(NodeReader node, PoolKind kind)
    {
        Slot input = Blocked(Spatial(node).Slot);
        int[] kernel = node.Integers("kernel_sizes", 2, 1), strides = node.Integers("strides", 2, 1);
        bool ceiling = node.Flag("ceil_mode", false);
        Window y = Window.Create(node, 0, input.Map.Height, kernel[0], strides[0], 1, ceiling);
        Window x = Window.Create(node, 1, input.Map.Width, kernel[1], strides[1], 1, ceiling);
        if (y.Before >= kernel[0] || x.Before >= kernel[1] || y.After >= kernel[0] || x.After >= kernel[1])
        {
            throw new LoweringException("has padding as large as its window");
        }

        Slot output = NewSlot(node.Node.Name, input.Map.Channels, y.Outputs, x.Outputs);
        PoolGeometry geometry = new(input.Map, output.Map, kernel[0], kernel[1], strides[0], strides[1], y.Before, x.Before, y.After, x.After);
        return new(Emit(new PoolStep { Output = output, Geometry = geometry, Kind = kind }, input), 4);
    }

    private Tensor ReduceMean(NodeReader node)
    {
        Tensor x = Spatial(node);
        int[] axes = [.. (node.OptionalIntegers("axes") ?? [0, 1, 2, 3]).Select(axis => axis < 0 ? axis + 4 : axis).Order()];
        if (axes is not [2, 3])
        {
            throw new LoweringException($"averages over the axes [{string.Join(", ", axes)}], expected rows and columns [2, 3]");
        }

        Slot input = Blocked(x.Slot), output = NewSlot(node.Node.Name, input.Map.Channels, 1, 1);
        PoolGeometry geometry = new(input.Map, output.Map, input.Map.Height, input.Map.Width);
        Emit(new PoolStep { Output = output, Geometry = geometry, Kind = PoolKind.AverageInside }, input);
        return new(output, node.Flag("keep_dims", false) ? 4 : 2);
    }

    private Tensor Spatial(NodeReader node)
    {
        Tensor x = Value(node, "x");
        return x.Rank == 4 ? x : throw new LoweringException($"has an input {x.Shape}, expected [1, C, H, W]");
    }

    private Parameter Bias(ParameterSource? bias, int outputs, int multiple) => bias is null
        ? NewParameter([], _ => AlignedFloats.CopyOf(new float[outputs], multiple))
        : NewParameter([bias], values => AlignedFloats.CopyOf(values[0].Span, multiple));
}
