namespace SweepCluster.Inference.Lowering;

/// <summary>Where bilinear interpolation takes its samples along one axis.</summary>
internal static class SamplingGrid
{
    /// <summary>A place from 0 to <c>from - 1</c> for each of the output's elements.</summary>
    /// <param name="mode">The ML-program operation resize_bilinear's <c>sampling_mode</c>.</param>
    /// <param name="from">Elements of the input.</param>
    /// <param name="to">Elements of the output.</param>
    /// <exception cref="LoweringException">There is no such mode.</exception>
    public static float[] Create(string mode, int from, int to)
    {
        double count = to, last = from - 1;
        (double first, double spacing) = mode switch
        {
            "STRICT_ALIGN_CORNERS" => (0, to == 1 ? 0 : last / (count - 1)),
            "ALIGN_CORNERS" => to == 1 ? (last / 2, 0) : (0, last / (count - 1)),
            "DEFAULT" => (0, from / count),
            "OFFSET_CORNERS" => (Math.Max(1, last) / count / 2, Math.Max(1, last) / count),
            "UNALIGN_CORNERS" => ((from / count / 2) - 0.5, from / count),
            _ => throw new LoweringException($"has the sampling_mode '{mode}', expected STRICT_ALIGN_CORNERS, ALIGN_CORNERS, DEFAULT, OFFSET_CORNERS or UNALIGN_CORNERS"),
        };
        float[] grid = new float[to];
        for (int i = 0; i < to; i++)
        {
            grid[i] = (float)Math.Clamp(first + (i * spacing), 0, last);
        }

        return grid;
    }
}
