using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics;
using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.Pooling;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations with windows.</content>
internal sealed partial class GraphLowering
{
    private Tensor Convolution(NodeReader node)
    {
        Tensor x = Spatial(node);
        ParameterSource weight = node.Numbers("weight");
        int groups = node.Integer("groups", 1);
        if (weight.Shape.Rank != x.Rank || groups < 1 || weight.Shape[0] % groups != 0 || (long)weight.Shape[1] * groups != x.Slot.Map.Channels)
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
        int kernelWidth = x.Rank == 4 ? weight.Shape[3] : 1;
        int[] strides = node.PerAxis("strides", x.Rank - 2), dilations = node.PerAxis("dilations", x.Rank - 2);
        Window y = Window.Create(node, 0, x.Rank - 2, input.Map.Height, weight.Shape[2], strides[0], dilations[0], ceiling: false);
        Window x2 = Window.Create(node, 1, x.Rank - 2, input.Map.Width, kernelWidth, strides[1], dilations[1], ceiling: false);
        Slot output = NewSlot(node.Node.Name, outputs, y.Outputs, x2.Outputs);
        ConvolutionGeometry geometry = new(
            input.Map, output.Map, weight.Shape[2], kernelWidth, strides[0], strides[1], dilations[0], dilations[1], y.Before, x2.Before, groups);
        Convolve(geometry, input, output, weight, bias, values => values);
        return new(output, SpatialShape(x.Rank, outputs, y.Outputs, x2.Outputs));
    }

    private void Convolve(
        ConvolutionGeometry geometry, Slot input, Slot output, ParameterSource weight, ParameterSource? bias, Func<ReadOnlyMemory<float>, ReadOnlyMemory<float>> arrange)
    {
        if (geometry.PackedWeightCount > AlignedFloats.MaxLength)
        {
            throw new LoweringException($"has a weight {weight.Shape} that takes {geometry.PackedWeightCount} floats with its channels filled up, expected at most {AlignedFloats.MaxLength}");
        }

        Parameter weights = NewParameter([weight], values => ConvolutionWeights.Pack(geometry, arrange(values[0]).Span));
        Emit(new ConvolutionStep { Output = output, Geometry = geometry, Parameters = [weights, Bias(bias, output.Map.Channels, FeatureMap.BlockLanes)] }, input);
    }

    private Tensor Pool(NodeReader node, PoolKind kind)
    {
        Tensor value = Spatial(node);
        int axes = value.Rank - 2;
        Slot input = Blocked(value.Slot);
        if (!node.Node.Inputs.ContainsKey("kernel_sizes"))
        {
            throw new LoweringException("has no input 'kernel_sizes'");
        }

        int[] kernel = node.PerAxis("kernel_sizes", axes), strides = node.PerAxis("strides", axes);
        bool ceiling = node.Flag("ceil_mode", false);
        Window y = Window.Create(node, 0, axes, input.Map.Height, kernel[0], strides[0], 1, ceiling);
        Window x = Window.Create(node, 1, axes, input.Map.Width, kernel[1], strides[1], 1, ceiling);
        if (y.Before >= kernel[0] || x.Before >= kernel[1] || y.After >= kernel[0] || x.After >= kernel[1])
        {
            throw new LoweringException("has padding as large as its window");
        }

        Slot output = NewSlot(node.Node.Name, input.Map.Channels, y.Outputs, x.Outputs);
        PoolGeometry geometry = new(input.Map, output.Map, kernel[0], kernel[1], strides[0], strides[1], y.Before, x.Before, y.After, x.After);
        Emit(new PoolStep { Output = output, Geometry = geometry, Kind = kind }, input);
        return new(output, SpatialShape(value.Rank, input.Map.Channels, y.Outputs, x.Outputs));
    }

    // Values with channels, rows and columns; a value of one axis behind the channels has one column.
    private Tensor Spatial(NodeReader node)
    {
        Tensor x = Value(node, "x");
        return x.Rank is 3 or 4 && x.Shape[0] == 1 ? x with { Slot = Natural(x) } : throw new LoweringException($"has an input {x.Shape}, expected [1, C, H, W]");
    }

    private static Shape SpatialShape(int rank, int channels, int height, int width) => rank == 4 ? new(1, channels, height, width) : new(1, channels, height);

    private Parameter Bias(ParameterSource? bias, int outputs, int multiple) => bias is null
        ? NewParameter([], _ => AlignedFloats.CopyOf(new float[outputs], multiple))
        : NewParameter([bias], values => AlignedFloats.CopyOf(values[0].Span, multiple));
}
