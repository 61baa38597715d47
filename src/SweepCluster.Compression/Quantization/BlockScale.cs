using SweepCluster.Graphs;

namespace SweepCluster.Compression.Quantization;

/// <summary>Scale and zero point of one block, as stored.</summary>
/// <param name="Scale">Distance between two codes, in weight units; above 0, exact in the weight's type.</param>
/// <param name="Zero">The code that stands for 0.</param>
internal readonly record struct BlockScale(float Scale, int Zero)
{
    /// <summary>Most candidates that <see cref="Fit"/> gives.</summary>
    internal const int MaxCandidates = 2;

    /// <summary>Fits scale and zero point to the smallest and largest value of a block.</summary>
    /// <param name="min">Smallest value, finite.</param>
    /// <param name="max">Largest value, finite.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="type">The type that the scale is stored in.</param>
    /// <param name="candidates">Receives up to <see cref="MaxCandidates"/> ways to store the block, the plain rule's first.</param>
    /// <returns>How many there are: one for symmetric codes and all-zero blocks.</returns>
    /// <remarks>
    /// Symmetric: <c>scale = 2 max|w| / steps</c>. Linear: <c>scale = (max - min) / steps</c> over a range widened to hold 0, <c>zero = clip(round((qmin max - qmax min) / (max - min)))</c>.
    /// Computed in float32 with halves to even, then the scale is rounded to its stored type before any code is computed.
    /// Rounding the zero point cuts one end of a linear range by up to half a step, so that the float16 scale on the other side of the exact one may fit the values better: it is a candidate too.
    /// A scale that rounds to 0, or down so far that the largest value would be cut by more than half a step (both in float16's denormal range), goes up to the next number instead;
    /// one with which the outermost code would decode to infinity goes down. An all-zero block has scale 1 and codes at zero.
    /// </remarks>
    internal static int Fit(float min, float max, CodeRange range, ElementType type, Span<BlockScale> candidates)
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
            candidates[0] = new(1f, range.Symmetric ? range.Middle : 0);
            return 1;
        }

        // Each end on its own where the width overflows float32.
        float width = max - min;
        float exact = float.IsFinite(width) ? width / range.Steps : (max / range.Steps) - (min / range.Steps);
        float scale = Round(exact, type);
        if (range.Symmetric)
        {
            candidates[0] = Usable(scale, range.Middle, max, range, type);
            return 1;
        }

        int zero = ZeroPoint(min, max, range);
        candidates[0] = Finite(scale, zero, range, type);
        candidates[1] = Finite(Step(scale, up: scale < exact, type), zero, range, type);
        return type == ElementType.Float32 || scale == exact || candidates[1] == candidates[0] ? 1 : 2;
    }

    private static BlockScale Usable(float scale, int zero, float max, CodeRange range, ElementType type)
    {
        bool cuts = max - (scale * (range.Max - zero)) > scale / 2;
        return Finite(cuts ? Step(scale, up: true, type) : scale, zero, range, type);
    }

    // Above 0, and small enough for the outermost code to decode to a finite value.
    private static BlockScale Finite(float scale, int zero, CodeRange range, ElementType type)
    {
        scale = scale > 0 ? scale : Step(0f, up: true, type);
        int reach = Math.Max(range.Max - zero, zero - range.Min);
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
