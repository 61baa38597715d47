using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>A request that needs no files of the machine that made it: what a shared store keeps as <see cref="Stores.SweepRecord.Request"/>.</summary>
/// <param name="Spec">The spec; its paths start from the bundle's root.</param>
/// <param name="Content">Blob of the <see cref="BundleContent"/>.</param>
internal sealed record SweepBundle(SweepSpec Spec, string Content);
