using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Scales;

/// <summary>Where the search for a group's entries starts: the optimal palette of its values, or of their quotients by the channels' scales.</summary>
internal static class ScaledStart
{
    /// <summary>Finds entries in the weight's type, ascending.</summary>
    internal static float[] Find(PreparedWeight weight, ChannelGroups groups, int group, float[]? scales, int size, CancellationToken cancellationToken)
    {
        DistinctValues distinct = new GroupValues(weight, groups, group, scales is null ? null : ChannelScales.Quotients(weight, groups, group, scales)).Distinct;
        return Palette.Find(distinct, size, weight.Source.Type, cancellationToken).Entries;
    }
}
