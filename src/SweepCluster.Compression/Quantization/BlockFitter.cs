using System.Numerics.Tensors;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization;

/// <summary>Finds scale and zero point of every block of a weight.</summary>
internal static class BlockFitter
{
    /// <summary>Fits every block; where there are several candidates, the one of the least squared error wins, the earlier one of equals.</summary>
    internal static BlockScale[] Fit(ReadOnlySpan<float> values, BlockRuns runs, CodeRange range, ElementType type, CancellationToken cancellationToken)
    {
        (float[] smallest, float[] largest) = Extremes(values, runs);
        BlockScale[][] candidates = new BlockScale[BlockScale.MaxCandidates][];
        candidates[0] = new BlockScale[runs.BlockCount];
        Span<BlockScale> found = stackalloc BlockScale[BlockScale.MaxCandidates];
        int most = 1;
        for (int block = 0; block < runs.BlockCount; block++)
        {
            int count = BlockScale.Fit(smallest[block], largest[block], range, type, found);
            for (int i = 0; i < BlockScale.MaxCandidates && (i == 0 || !range.Symmetric); i++)
            {
                (candidates[i] ??= new BlockScale[runs.BlockCount])[block] = found[i < count ? i : 0];
            }

            most = Math.Max(most, count);
        }

        return most == 1 ? candidates[0] : Best(values, runs, range, candidates.AsSpan(0, most), cancellationToken);
    }

    private static BlockScale[] Best(ReadOnlySpan<float> values, BlockRuns runs, CodeRange range, ReadOnlySpan<BlockScale[]> candidates, CancellationToken cancellationToken)
    {
        BlockScale[] best = new BlockScale[runs.BlockCount];
        double[] least = new double[runs.BlockCount];
        least.AsSpan().Fill(double.PositiveInfinity);
        foreach (BlockScale[] candidate in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] errors = new double[runs.BlockCount];
            foreach ((int start, int block) in runs)
            {
                errors[block] += LinearEncoder.SquaredError(values.Slice(start, runs.RunLength), candidate[block], range);
            }

            for (int block = 0; block < best.Length; block++)
            {
                if (errors[block] < least[block])
                {
                    (best[block], least[block]) = (candidate[block], errors[block]);
                }
            }
        }

        return best;
    }

    private static (float[] Smallest, float[] Largest) Extremes(ReadOnlySpan<float> values, BlockRuns runs)
    {
        float[] smallest = new float[runs.BlockCount], largest = new float[runs.BlockCount];
        smallest.AsSpan().Fill(float.PositiveInfinity);
        largest.AsSpan().Fill(float.NegativeInfinity);
        foreach ((int start, int block) in runs)
        {
            // The least and the greatest of finite values are the same bits in any order, zeros' signs aside, and those do not matter here.
            ReadOnlySpan<float> run = values.Slice(start, runs.RunLength);
            smallest[block] = Math.Min(smallest[block], run.Length == 1 ? run[0] : TensorPrimitives.Min(run));
            largest[block] = Math.Max(largest[block], run.Length == 1 ? run[0] : TensorPrimitives.Max(run));
        }

        return (smallest, largest);
    }
}
