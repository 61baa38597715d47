using System.Collections.Immutable;

namespace SweepCluster.Engine.Clusters;

/// <summary>The files of a bundle.</summary>
/// <param name="Files">The files, in ordinal order of their paths.</param>
internal sealed record BundleContent(ImmutableArray<BundleFile> Files);
