using SweepCluster.Graphs;

namespace SweepCluster.Compression.Quantization;

/// <summary>Scale and zero point of one block, as stored.</summary>
/// <param name="Scale">Distance between two codes, in weight units; above 0, exact in the weight's type.</param>
/// <param name="Zero">The code that stands for 0.</param>
internal readonly record struct BlockScale(float Scale, int Zero)
{
    /// <summary>Fits scale and zero point to the smallest and largest value of a block.</summary>
    /// <remarks>
    /// Symmetric: <c>scale = 2 max|w| / steps</c>. Linear: <c>scale = (max - min) / steps</c> over a range widened to hold 0, <c>zero = clip(round((qmin max - qmax min) / (max - min)))</c>.
    /// Computed in float32 with halves to even, then rounded to the stored type before any code is. A scale that rounds to 0, or down so far that the largest value would be cut by more than
    /// half a step (both in float16's denormal range), goes up to the next number instead; one with which the outermost code would decode to infinity goes down. An all-zero block has scale 1.
    /// </remarks>
    internal static BlockScale Fit(float min, float max, CodeRange range, ElementType type)
    {
        if (range.Symmetric)
        {
            max = Math.Max(Math.Abs(min), Math.Abs(max));
            min = -max;
        }
        else
        {
            min = Math.Min(0f, min);
            max = Math.Max(0f, max);
        }

        if (min == max)
        {
            return new(1f, range.Symmetric ? range.Middle : Math.Clamp(0, range.Min, range.Max));
        }

        // Halves and thirds of the range instead of the range where that overflows float32.
        float width = max - min;
        float exact = float.IsFinite(width) ? width / range.Steps : (max / range.Steps) - (min / range.Steps);
        int zero = range.Symmetric ? range.Middle : ZeroPoint(min, max, range);
        int reach = Math.Max(range.Max - zero, zero - range.Min);

        float scale = Round(exact, type);
        if (max - (scale * (range.Max - zero)) > scale / 2 || (scale * (zero - range.Min)) + min < -scale / 2)
        {
            scale = Step(scale, up: true, type);
        }

        while (!float.IsFinite(Round(scale * reach, type)))
        {
            scale = Step(scale, up: false, type);
        }

        return new(scale, zero);
    }

    private static int ZeroPoint(float min, float max, CodeRange range)
    {
        float zero = ((range.Min * max) - (range.Max * min)) / (max - min);
        double rounded = float.IsFinite(zero)
            ? MathF.Round(zero)
            : Math.Round(((range.Min * (double)max) - (range.Max * (double)min)) / ((double)max - min));
        return (int)Math.Clamp(rounded, range.Min, range.Max);
    }

    private static float Round(float value, ElementType type) => type == ElementType.Float16 ? (float)(Half)value : value;

    private static float Step(float value, bool up, ElementType type) => (type, up) switch
    {
        (ElementType.Float16, true) => (float)Half.BitIncrement((Half)value),
        (ElementType.Float16, false) => (float)Half.BitDecrement((Half)value),
        (_, true) => MathF.BitIncrement(value),
        _ => MathF.BitDecrement(value),
    };
}
