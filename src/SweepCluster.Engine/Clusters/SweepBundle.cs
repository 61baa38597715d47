using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>A request that needs no files of the machine that made it: what a shared store keeps as <see cref="Stores.SweepRecord.Request"/>.</summary>
/// <param name="Spec">The spec; its paths start from the bundle's root.</param>
/// <param name="Content">Blob of the <see cref="BundleContent"/>.</param>
internal sealed record SweepBundle(SweepSpec Spec, string Content)
{
    /// <summary>The span in which the sweep was handed in, as W3C's <c>traceparent</c>; null: nobody recorded one. No part of the sweep.</summary>
    public string? Trace { get; init; }
}
