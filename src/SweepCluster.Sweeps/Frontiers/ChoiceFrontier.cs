using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Frontiers;

/// <summary>The frontier of size and drop over the choice samples. The uncompressed model takes part in it: what is larger and no better is on no frontier.</summary>
internal static class ChoiceFrontier
{
    /// <summary>Marks the points that no other dominates.</summary>
    /// <param name="points">Bytes, and the drop against the baseline; a null drop (a failed trial) is never on the frontier.</param>
    public static bool[] Mark(IReadOnlyList<(long SizeBytes, Estimate? Drop)> points) => Frontier.Mark(
        [.. points.Select(point => point.SizeBytes)],
        [.. points.Select(point => point.Drop is Estimate drop ? -drop.Value : double.NaN)]);
}
