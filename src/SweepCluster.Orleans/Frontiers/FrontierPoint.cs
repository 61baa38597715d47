using SweepCluster.Engine.Runs;

namespace SweepCluster.Orleans.Frontiers;

/// <summary>A trial on a frontier.</summary>
/// <param name="TrialId">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="SizeBytes">Bytes of the exported file.</param>
/// <param name="Drop">Loss of the objective's metric on the choice samples, in the metric's own unit; positive is worse.</param>
/// <param name="DropLow">Lower end of its 95 % interval.</param>
/// <param name="DropHigh">Upper end.</param>
[GenerateSerializer, Immutable, Alias("sweep.frontier-point")]
public sealed record FrontierPoint(
    [property: Id(0)] string TrialId, [property: Id(1)] string Label, [property: Id(2)] long SizeBytes,
    [property: Id(3)] double Drop, [property: Id(4)] double DropLow, [property: Id(5)] double DropHigh)
{
    internal static FrontierPoint Of(BestPoint point) => new(point.TrialId, point.Label, point.SizeBytes, point.Drop.Value, point.Drop.Low, point.Drop.High);
}
