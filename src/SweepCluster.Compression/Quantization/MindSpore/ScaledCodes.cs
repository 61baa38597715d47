using System.Globalization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization.MindSpore;

/// <summary>The codes of mixed bits: one scale for the layer, no zero point, as many bits as the largest code needs.</summary>
/// <remarks><c>code = floor(w / scale + 0.5)</c> in float32, as in the converter, which holds them in 16 bits and then codes their entropy; here they take the narrowest type that holds them.</remarks>
internal static class ScaledCodes
{
    private const int MostBits = 16;

    internal static QuantizedWeight Quantize(PreparedWeight weight, MindSporeScheme rules, float scale, DecodeArithmetic arithmetic)
    {
        Weight source = weight.Source;
        ReadOnlySpan<float> values = weight.Values.Span;
        int[] codes = new int[values.Length];
        int most = 0;
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = (int)MathF.Floor((values[i] / scale) + 0.5f);
            most = Math.Max(most, codes[i] < 0 ? ~codes[i] : codes[i]);
        }

        int bits = 33 - int.LeadingZeroCount(most);
        if (bits > MostBits)
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"codes take {bits} bits at the scale {scale} that init_scale {rules.InitialScale} leads to, {MostBits} is the most");
            throw new SchemeNotApplicableException(source.Name, rules.Canonical, reason);
        }

        ElementType codeType = ElementTypes.IntegerOf(isSigned: true, bits);
        DeviceArithmetic device = DeviceArithmetic.Of(source.Type, arithmetic, bits);
        BlockScale block = BlockScale.Finite(BlockScale.Round(scale, device), 0, CodeRange.Of(codeType, symmetric: false), device);
        return new QuantizedWeight(
            TensorData.FromCodes(codeType, source.Shape, codes),
            TensorData.FromFloats(source.Type, new Shape(BlockRuns.Ones(source.Shape)), [block.Scale]),
            null,
            arithmetic);
    }
}
