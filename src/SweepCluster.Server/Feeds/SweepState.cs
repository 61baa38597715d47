using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;

namespace SweepCluster.Server.Feeds;

/// <summary>How a sweep stands at one moment.</summary>
/// <param name="Version">Number of this state; a later one has a greater.</param>
/// <param name="Sweep">The sweep and its counts.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Trials">Trials over the choice samples that are measured, the baseline's among them.</param>
/// <param name="Frontier">The frontier so far, smallest first.</param>
internal sealed record SweepState(long Version, SweepListing Sweep, SweepProgress Progress, int Trials, ImmutableArray<BestPoint> Frontier)
{
    /// <summary>Whether no other state follows: finished, cancelled, stopped or removed.</summary>
    internal bool IsOver { get; init; }
}
