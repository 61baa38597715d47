using System.Collections.Immutable;

namespace SweepCluster.Orleans.Frontiers;

/// <summary>The frontier of a sweep as far as its recorded trials go. For watching: nothing is decided by it.</summary>
/// <param name="Trials">Trials over the choice samples that are recorded, the uncompressed model's among them.</param>
/// <param name="Frontier">Trials to which no other is at least as good in size and drop and better in one, smallest first.</param>
/// <param name="Best">The smallest trial within the accepted drop; null before there is one.</param>
/// <param name="IsOver">Whether the sweep is finished, or does not go on unless a person says so.</param>
[GenerateSerializer, Immutable, Alias("sweep.frontier")]
public sealed record FrontierView(
    [property: Id(0)] int Trials, [property: Id(1)] ImmutableArray<FrontierPoint> Frontier, [property: Id(2)] FrontierPoint? Best, [property: Id(3)] bool IsOver)
{
    internal bool SaysTheSameAs(FrontierView other) =>
        Trials == other.Trials && IsOver == other.IsOver && Best == other.Best && Frontier.SequenceEqual(other.Frontier);
}
