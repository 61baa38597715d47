using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization.MindSpore;

/// <summary>Signed codes of a fixed width over the whole range of their type, with a zero point, for each output channel or for the layer.</summary>
/// <remarks>
/// As the converter computes: the range is widened to hold 0 and moved so that 0 falls on a code; scale and quotient in float64; halves round away from zero. The zero points and codes are its own.
/// The scale is float64 there and is rounded to the weight's type here.
/// </remarks>
internal static class FixedBits
{
    private const float LeastWidth = 1e-10f;

    internal static QuantizedWeight Quantize(PreparedWeight weight, int bits, bool perChannel, DecodeArithmetic arithmetic)
    {
        Weight source = weight.Source;
        ElementType codeType = ElementTypes.IntegerOf(isSigned: true, bits);
        CodeRange range = CodeRange.Of(codeType, symmetric: false).Within(source.Type, arithmetic);
        int[] counts = BlockRuns.Ones(source.Shape);
        if (perChannel)
        {
            counts[source.OutputAxis] = source.Shape[source.OutputAxis];
        }

        BlockRuns runs = new(source.Shape, counts);
        ReadOnlySpan<float> values = weight.Values.Span;
        (double Scale, int Zero)[] blocks = Fit(values, runs, range);
        int[] codes = new int[values.Length];
        foreach ((int start, int block) in runs)
        {
            (double scale, int zero) = blocks[block];
            for (int i = start; i < start + runs.RunLength; i++)
            {
                codes[i] = (int)Math.Clamp(Math.Round((values[i] / scale) + zero, MidpointRounding.AwayFromZero), range.Min, range.Max);
            }
        }

        DeviceArithmetic device = DeviceArithmetic.Of(source.Type, arithmetic, bits);
        Shape blockShape = new(counts);
        return new QuantizedWeight(
            TensorData.FromCodes(codeType, source.Shape, codes),
            TensorData.FromFloats(source.Type, blockShape, Array.ConvertAll(blocks, block => BlockScale.Finite(BlockScale.Round((float)block.Scale, device), block.Zero, range, device).Scale)),
            TensorData.FromCodes(codeType, blockShape, Array.ConvertAll(blocks, block => block.Zero)),
            arithmetic);
    }

    private static (double Scale, int Zero)[] Fit(ReadOnlySpan<float> values, BlockRuns runs, CodeRange range)
    {
        (float[] smallest, float[] largest) = BlockExtremes.Of(values, runs);
        (double, int)[] blocks = new (double, int)[runs.BlockCount];
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block] = Fit(smallest[block], largest[block], range);
        }

        return blocks;
    }

    // The ends are float32 in the converter, and so they are here.
    private static (double Scale, int Zero) Fit(float min, float max, CodeRange range)
    {
        float low = Math.Min(min, 0), high = Math.Max(Math.Max(max, min + LeastWidth), 0);
        double step = (double)(high - low) / range.Steps;
        if (!double.IsFinite(step))
        {
            step = ((double)high - low) / range.Steps; // the converter's own overflows there
        }

        double below = Math.Round(-low / step, MidpointRounding.AwayFromZero);
        (low, high) = ((float)(-below * step), (float)((range.Steps - below) * step));
        float width = high - low;
        double scale = float.IsFinite(width) ? (double)(width / range.Steps) : step;
        scale = scale > 0 ? scale : step;
        int zero = (int)Math.Clamp(Math.Round(range.Min - (low / scale), MidpointRounding.AwayFromZero), range.Min, range.Max);
        return (scale, zero);
    }
}
