using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Scales;

/// <summary>Where the search for a group's entries starts: the optimal palette of its values, or of their quotients by the channels' scales.</summary>
internal static class ScaledStart
{
    /// <summary>Finds entries in the weight's type, ascending.</summary>
    internal static float[] Find(PreparedWeight weight, ChannelGroups groups, int group, float[]? scales, int size, CancellationToken cancellationToken)
    {
        int first = group * groups.GroupSize;
        DistinctValues distinct = scales is not null
            ? DistinctValues.Of(ChannelScales.Quotients(weight, groups, group, scales), ChannelScales.Importances(weight, groups, group, scales))
            : weight.Importances.IsEmpty
                ? new GroupValues(weight, groups, group, null).Distinct
                : DistinctValues.Of(groups.Gather(weight.Values, first, groups.GroupSize).Span, groups.Gather(weight.Importances, first, groups.GroupSize).Span);
        return Palette.Find(distinct, size, weight.Source.Type, cancellationToken).Entries;
    }
}
