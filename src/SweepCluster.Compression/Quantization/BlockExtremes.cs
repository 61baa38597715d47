using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization;

/// <summary>The smallest and the largest number of each block.</summary>
/// <param name="Smallest">One a block.</param>
/// <param name="Largest">One a block.</param>
internal readonly record struct BlockExtremes(float[] Smallest, float[] Largest)
{
    /// <summary>Looks through finite values.</summary>
    internal static BlockExtremes Of(ReadOnlySpan<float> values, BlockRuns runs)
    {
        BlockExtremes found = new(new float[runs.BlockCount], new float[runs.BlockCount]);
        found.Smallest.AsSpan().Fill(float.PositiveInfinity);
        found.Largest.AsSpan().Fill(float.NegativeInfinity);
        foreach ((int start, int block) in runs)
        {
            (float smallest, float largest) = StoredSingles.Range(values.Slice(start, runs.RunLength));
            found.Smallest[block] = Math.Min(found.Smallest[block], smallest);
            found.Largest[block] = Math.Max(found.Largest[block], largest);
        }

        return found;
    }
}
