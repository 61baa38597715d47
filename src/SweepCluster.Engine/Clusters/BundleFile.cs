using System.Collections.Immutable;

namespace SweepCluster.Engine.Clusters;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Path from the bundle's root, with <c>/</c>.</param>
/// <param name="Parts">Blobs of its content, one after the other.</param>
internal sealed record BundleFile(string Path, ImmutableArray<string> Parts);
