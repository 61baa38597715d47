using System.Collections.Immutable;

namespace SweepCluster.Engine.Clusters;

/// <summary>What became of a request that was handed in.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="IsNew">False: it was there already.</param>
/// <param name="Notices">Things a person should know: no silo that is there can take it.</param>
public sealed record Submission(SweepListing Sweep, bool IsNew, ImmutableArray<string> Notices);
