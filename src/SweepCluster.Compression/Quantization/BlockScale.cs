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
    /// <param name="device">How the device decodes, and in which type the scale is stored.</param>
    /// <param name="candidates">Receives up to <see cref="MaxCandidates"/> ways to store the block, the plain rule's first.</param>
    /// <returns>How many there are: one for symmetric codes and all-zero blocks.</returns>
    /// <remarks>
    /// Symmetric: <c>scale = 2 max|w| / steps</c>. Linear: <c>scale = (max - min) / steps</c> over a range widened to hold 0, <c>zero = clip(round((qmin max - qmax min) / (max - min)))</c>.
    /// Computed in float32 with halves to even, then the scale is rounded to its stored type before any code is computed.
    /// Rounding the zero point cuts one end of a linear range by up to half a step, so that the float16 scale on the other side of the exact one may fit the values better: it is a candidate too.
    /// A scale that rounds to 0, or down so far that the largest value would be cut by more than half a step (in float16's denormal range, and with codes of more than 10 bits), goes up to the
    /// next number instead; one with which the outermost code would decode to infinity goes down. An all-zero block has scale 1 and codes at zero.
    /// </remarks>
    internal static int Fit(float min, float max, CodeRange range, DeviceArithmetic device, Span<BlockScale> candidates)
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
            candidates[0] = new(1f, range.Symmetric ? range.Middle : Math.Clamp(0, range.Min, range.Max));
            return 1;
        }

        // Each end on its own where the width overflows float32.
        float width = max - min;
        float exact = float.IsFinite(width) ? width / range.Steps : (max / range.Steps) - (min / range.Steps);
        float scale = Round(exact, device);
        if (range.Symmetric)
        {
            bool cuts = max - (scale * (range.Max - range.Middle)) > scale / 2;
            candidates[0] = Finite(cuts ? Step(scale, up: true, device) : scale, range.Middle, range, device);
            return 1;
        }

        int zero = ZeroPoint(min, max, range);
        candidates[0] = Finite(scale, zero, range, device);
        candidates[1] = Finite(Step(scale, up: scale < exact, device), zero, range, device);
        return !device.Halves || scale == exact || candidates[1] == candidates[0] ? 1 : 2;
    }

    // Above 0, and small enough for the outermost codes to decode to finite values.
    internal static BlockScale Finite(float scale, int zero, CodeRange range, DeviceArithmetic device)
    {
        // A little above what is left of the largest number for each code, from where few steps lead down.
        int reach = Math.Max(range.Max - zero, zero - range.Min);
        float most = device.Halves ? Round((float)Half.MaxValue / reach * 1.002f, device) : float.MaxValue / reach * 1.000001f;
        scale = Math.Min(scale, reach == 1 ? (device.Halves ? (float)Half.MaxValue : float.MaxValue) : most);
        BlockScale block = new(scale > 0 ? scale : Step(0f, up: true, device), zero);
        while (!float.IsFinite(device.Value(range.Max, block)) || !float.IsFinite(device.Value(range.Min, block)))
        {
            block = new(Step(block.Scale, up: false, device), zero);
        }

        return block;
    }

    internal static int ZeroPoint(float min, float max, CodeRange range)
    {
        float zero = ((range.Min * max) - (range.Max * min)) / (max - min);
        double rounded = float.IsFinite(zero)
            ? MathF.Round(zero)
            : Math.Round(((range.Min * (double)max) - (range.Max * (double)min)) / ((double)max - min));
        return (int)Math.Clamp(rounded, range.Min, range.Max);
    }

    internal static float Round(float value, DeviceArithmetic device) => device.Halves ? (float)(Half)value : value;

    internal static float Step(float value, bool up, DeviceArithmetic device) => (device.Halves, up) switch
    {
        (true, true) => (float)Half.BitIncrement((Half)value),
        (true, false) => (float)Half.BitDecrement((Half)value),
        (_, true) => MathF.BitIncrement(value),
        _ => MathF.BitDecrement(value),
    };
}
