using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>How a window's input is padded, and how many positions the window has.</summary>
/// <param name="Type">The operations' <c>pad_type</c>: custom, valid, same or same_lower.</param>
/// <param name="Amounts">Rows above and below, columns left and right.</param>
/// <param name="IncludesLast">Whether a last window may hang over the end.</param>
/// <remarks>Source of the formulas: the messages ValidPadding, SamePadding and PoolingLayerParams of the format's <c>NeuralNetwork.proto</c>.</remarks>
internal sealed record WindowPadding(string Type, int[] Amounts, bool IncludesLast = false)
{
    internal static WindowPadding Of(ConvolutionLayerParams layer) => layer.Same is { } same ? Of(same) : Of(layer.Valid?.PaddingAmounts);

    internal static WindowPadding Of(PoolingLayerParams layer)
    {
        if (layer.IncludeLastPixel is { } last)
        {
            int[] amounts = WindowLayers.Pair(last.PaddingAmounts, 0);
            return new WindowPadding("custom", [amounts[0], amounts[0], amounts[1], amounts[1]], IncludesLast: true);
        }

        return layer.Same is { } same ? Of(same) : Of(layer.Valid?.PaddingAmounts);
    }

    /// <summary>Positions of a window along rows (0) or columns (1).</summary>
    internal int Positions(int axis, int extent, int kernel, int stride, int dilation)
    {
        Check(kernel, stride, dilation);
        long reach = ((kernel - 1L) * dilation) + 1, room = (long)extent + Amounts[2 * axis] + Amounts[(2 * axis) + 1] - reach;
        if (Type is "same" or "same_lower")
        {
            return (int)((extent + (long)stride - 1) / stride);
        }

        long positions = room < 0 ? 0 : ((IncludesLast ? room + stride - 1 : room) / stride) + 1;
        return checked((int)(IncludesLast && (positions - 1) * stride >= (long)extent + Amounts[2 * axis] ? positions - 1 : positions));
    }

    /// <summary>Extent of a transposed convolution along rows (0) or columns (1).</summary>
    internal int Spread(int axis, int extent, int kernel, int stride)
    {
        Check(kernel, stride, 1);
        return checked((int)(Type is "same" or "same_lower" ? (long)extent * stride
            : ((extent - 1L) * stride) + kernel - Amounts[2 * axis] - Amounts[(2 * axis) + 1]));
    }

    private static void Check(int kernel, int stride, int dilation)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
        {
            throw new LayerOpaqueException();
        }
    }

    private static WindowPadding Of(SamePadding same) => new(same.AsymmetryMode == SamePadding.Types.SamePaddingMode.TopLeftHeavy ? "same_lower" : "same", [0, 0, 0, 0]);

    private static WindowPadding Of(BorderAmounts? amounts)
    {
        int[] edges = PictureLayers.Edges(amounts);
        return edges is [0, 0, 0, 0] ? new WindowPadding("valid", edges) : new WindowPadding("custom", edges);
    }
}
