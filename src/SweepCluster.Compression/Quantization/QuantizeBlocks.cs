using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Quantization;

/// <summary>What shares one scale: how a scheme cuts a weight's axes.</summary>
internal static class QuantizeBlocks
{
    /// <summary>Says why the blocks do not fit the weight, or null.</summary>
    /// <param name="weight">A weight of rank 2 or more.</param>
    /// <param name="scheme">The scheme.</param>
    internal static string? Refuses(Weight weight, QuantizeScheme scheme)
    {
        if (scheme.Granularity != QuantizeGranularity.PerBlock)
        {
            return null;
        }

        if (scheme.Blocks is not { } blocks)
        {
            int inputs = weight.Shape[weight.InputAxis];
            return inputs % scheme.BlockSize != 0 ? $"{inputs} input channels are not divisible by block size {scheme.BlockSize}" : null;
        }

        if (blocks.Rank != weight.Shape.Rank)
        {
            return $"block size {string.Join('x', blocks.Extents)} has {blocks.Rank} extents, the weight {weight.Shape} has {weight.Shape.Rank} axes";
        }

        for (int axis = 0; axis < blocks.Rank; axis++)
        {
            if (blocks[axis] != 0 && weight.Shape[axis] % blocks[axis] != 0)
            {
                return $"extent {weight.Shape[axis]} of axis {axis} is not divisible by block extent {blocks[axis]}";
            }
        }

        return null;
    }

    /// <summary>Number of blocks on each axis.</summary>
    internal static int[] Counts(Weight weight, QuantizeScheme scheme)
    {
        int[] counts = BlockRuns.Ones(weight.Shape);
        if (scheme.Blocks is { } blocks)
        {
            for (int axis = 0; axis < counts.Length; axis++)
            {
                counts[axis] = blocks[axis] == 0 ? 1 : weight.Shape[axis] / blocks[axis];
            }

            return counts;
        }

        if (scheme.Granularity != QuantizeGranularity.PerTensor)
        {
            counts[weight.OutputAxis] = weight.Shape[weight.OutputAxis];
        }

        if (scheme.Granularity == QuantizeGranularity.PerBlock)
        {
            counts[weight.InputAxis] = weight.Shape[weight.InputAxis] / scheme.BlockSize;
        }

        return counts;
    }
}
