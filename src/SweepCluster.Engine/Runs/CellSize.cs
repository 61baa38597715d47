using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Engine.Runs;

/// <summary>How large a cell will be, from weight and scheme alone: codes, tables, scales and masks. Where values decide (distinct values, a threshold) the most that it can be.</summary>
internal static class CellSize
{
    private const int MostBits = 8; // of an index into a palette
    private const int MixedBits = 16;

    private static readonly int[] s_indexBits = [1, 2, 4, 6, MostBits]; // every target's; those from iOS 18 on have 3 bits too

    /// <summary>Bytes of the payload.</summary>
    internal static long Of(Weight weight, Scheme scheme)
    {
        long elements = weight.Shape.ElementCount;
        return scheme switch
        {
            PalettizeScheme palettize => ElementTypes.UnsignedOf(BitsOf(palettize)).ByteCount(elements / palettize.VectorLength) + Tables(weight, palettize),
            QuantizeScheme quantize => quantize.CodeType.ByteCount(elements) + Scales(weight, quantize),
            JointScheme joint => Mask(elements) + Joint(weight, Kept(joint.Prune, weight), joint.Then),
            PruneScheme prune => Mask(elements) + weight.Type.ByteCount(Kept(prune, weight)),
            MindSporeScheme mindSpore => ElementTypes.UnsignedOf(mindSpore.Bits == 0 ? MixedBits : mindSpore.Bits).ByteCount(elements) + (2 * weight.Type.ByteCount(Channels(weight))),
            Float16Scheme => ElementType.Float16.ByteCount(elements),
            _ => weight.Stored.PayloadBytes,
        };
    }

    private static long Joint(Weight weight, long kept, Scheme then) => then switch
    {
        PalettizeScheme palettize => ElementTypes.UnsignedOf(BitsOf(palettize)).ByteCount(kept) + Tables(weight, palettize),
        QuantizeScheme quantize => quantize.CodeType.ByteCount(kept) + Scales(weight, quantize),
        _ => weight.Type.ByteCount(kept),
    };

    private static long Mask(long elements) => ElementType.UInt1.ByteCount(elements);

    private static long Kept(PruneScheme prune, Weight weight)
    {
        long elements = weight.Shape.ElementCount;
        return prune switch
        {
            MagnitudePruneScheme { Channels: true } channels => elements / Math.Max(1, Channels(weight)) * (Channels(weight) - Share(Channels(weight), channels.TargetSparsity)),
            MagnitudePruneScheme magnitude => elements - Share(elements, magnitude.TargetSparsity),
            PatternPruneScheme pattern => KeptOfRuns(weight, pattern),
            ThresholdPruneScheme threshold => elements - Share(elements, threshold.MinimumSparsity),
            _ => elements,
        };
    }

    private static long Share(long count, double share) => (long)(count * (decimal)share);

    // The last run of an axis that m does not divide is filled up with zeros, which go first.
    private static long KeptOfRuns(Weight weight, PatternPruneScheme pattern)
    {
        long length = weight.Shape.Rank < 2 ? 1 : weight.Shape[pattern.Dim == 0 ? weight.OutputAxis : weight.InputAxis];
        long rest = length % pattern.M;
        long goes = (length / pattern.M * pattern.N) + (rest == 0 ? 0 : Math.Max(0, pattern.N - (pattern.M - rest)));
        return weight.Shape.ElementCount / Math.Max(1, length) * (length - goes);
    }

    // Where the table decides, the fewest bits that hold it at any target; the distinct values of a weight may be as many as there are indices.
    private static int BitsOf(PalettizeScheme scheme) => scheme.Bits > 0 ? scheme.Bits
        : scheme.Table is { IsRule: false } table ? s_indexBits.First(bits => 1 << bits >= table.Values.Length)
        : MostBits;

    private static long Tables(Weight weight, PalettizeScheme scheme)
    {
        long channels = Channels(weight), tables = scheme.GroupSize == 0 ? 1 : Math.Max(1, channels / scheme.GroupSize);
        long entries = tables * scheme.VectorLength << BitsOf(scheme);
        long table = scheme.TableType is ElementType codes ? codes.ByteCount(entries) + weight.Type.ByteCount(tables) + codes.ByteCount(tables) : weight.Type.ByteCount(entries);
        return table + (scheme.PerChannelScale ? weight.Type.ByteCount(channels) : 0);
    }

    private static long Scales(Weight weight, QuantizeScheme scheme)
    {
        long blocks = scheme.Granularity switch
        {
            QuantizeGranularity.PerTensor => 1,
            QuantizeGranularity.PerChannel => Channels(weight),
            _ when scheme.Blocks is { } extents && extents.Rank == weight.Shape.Rank =>
                Enumerable.Range(0, extents.Rank).Aggregate(1L, (product, axis) => product * (extents[axis] == 0 ? 1 : Math.Max(1, weight.Shape[axis] / extents[axis]))),
            _ => Channels(weight) * Math.Max(1, (weight.Shape.Rank > weight.InputAxis ? weight.Shape[weight.InputAxis] : 1) / Math.Max(1, scheme.BlockSize)),
        };
        bool zeroPoints = !scheme.Symmetric || !scheme.CodeType.IsSigned();
        return weight.Type.ByteCount(blocks) + (zeroPoints ? scheme.CodeType.ByteCount(blocks) : 0);
    }

    private static long Channels(Weight weight) => weight.Shape.Rank == 0 ? 1 : weight.Shape[weight.OutputAxis];
}
