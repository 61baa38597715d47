using SweepCluster.Graphs;

namespace SweepCluster.Compression;

/// <summary>A tensor seen from one of its axes: element <c>[outer, channel, inner]</c> stands at <c>(outer * Channels + channel) * Inner + inner</c>.</summary>
/// <param name="Outer">Product of the extents before the axis.</param>
/// <param name="Channels">Extent of the axis.</param>
/// <param name="Inner">Product of the extents behind it.</param>
internal readonly record struct AxisView(int Outer, int Channels, int Inner)
{
    internal static AxisView Of(Shape shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < shape.Rank; i++)
        {
            outer *= i < axis ? shape[i] : 1;
            inner *= i > axis ? shape[i] : 1;
        }

        return new(outer, shape[axis], inner);
    }
}
