using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Convolution;

/// <summary>
/// A convolution's weight in the order in which its kernel reads them. Direct: <c>[panel][input block][kh][kw][input lane][output lanes of the panel]</c>,
/// a panel being 32 output channels, or the last 16; for a planar input <c>[panel][input channel][kh][kw][output lanes]</c>.
/// Depthwise: <c>[block][kh][kw][16]</c>. Grouped: as given. What is filled up is filled with zeros.
/// </summary>
public sealed class ConvolutionWeights
{
    internal const int PanelLanes = 2 * FeatureMap.BlockLanes;

    private ConvolutionWeights(WeightLayout layout, AlignedFloats values)
    {
        Layout = layout;
        Values = values;
    }

    /// <summary>Bytes held.</summary>
    public long SizeBytes => sizeof(float) * (long)Values.Length;

    internal WeightLayout Layout { get; }

    internal AlignedFloats Values { get; }

    /// <summary>Packs a weight.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="weight">Values <c>[O, I / groups, kh, kw]</c>.</param>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public static ConvolutionWeights Pack(ConvolutionGeometry geometry, ReadOnlySpan<float> weight)
    {
        if (weight.Length != geometry.WeightCount)
        {
            throw new ArgumentException($"{weight.Length} weights do not fit {geometry}.");
        }

        return new(geometry.WeightLayout, geometry.Kind switch
        {
            ConvolutionKind.Direct => PackDirect(geometry, weight),
            ConvolutionKind.Depthwise => PackDepthwise(geometry, weight),
            _ => AlignedFloats.CopyOf(weight),
        });
    }

    private static AlignedFloats PackDirect(ConvolutionGeometry geometry, ReadOnlySpan<float> weight)
    {
        int lanes = geometry.Input.Lanes, inputs = geometry.GroupInputs, outputs = geometry.GroupOutputs;
        int taps = geometry.KernelHeight * geometry.KernelWidth, inputBlocks = (inputs + lanes - 1) / lanes;
        int outputBlocks = (outputs + FeatureMap.BlockLanes - 1) / FeatureMap.BlockLanes;
        int groupLength = checked(outputBlocks * FeatureMap.BlockLanes * inputBlocks * lanes * taps);
        AlignedFloats packed = new(checked((int)geometry.PackedWeightCount));
        Span<float> to = packed.Span;
        for (int output = 0; output < geometry.Output.Channels; output++)
        {
            int group = output / outputs, within = output % outputs, panel = within / PanelLanes;
            int panelLanes = Math.Min(PanelLanes, (outputBlocks * FeatureMap.BlockLanes) - (panel * PanelLanes));
            Span<float> column = to[((group * groupLength) + (panel * PanelLanes * inputBlocks * lanes * taps) + (within % PanelLanes))..];
            ReadOnlySpan<float> from = weight.Slice(output * inputs * taps, inputs * taps);
            for (int input = 0; input < inputs; input++)
            {
                int first = (input / lanes * taps * lanes) + (input % lanes);
                for (int tap = 0; tap < taps; tap++)
                {
                    column[(first + (tap * lanes)) * panelLanes] = from[(input * taps) + tap];
                }
            }
        }

        return packed;
    }

    private static AlignedFloats PackDepthwise(ConvolutionGeometry geometry, ReadOnlySpan<float> weight)
    {
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        AlignedFloats packed = new(checked((int)geometry.PackedWeightCount));
        Span<float> to = packed.Span;
        for (int channel = 0; channel < geometry.Output.Channels; channel++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                to[(((channel / FeatureMap.BlockLanes * taps) + tap) * FeatureMap.BlockLanes) + (channel % FeatureMap.BlockLanes)] = weight[(channel * taps) + tap];
            }
        }

        return packed;
    }
}
