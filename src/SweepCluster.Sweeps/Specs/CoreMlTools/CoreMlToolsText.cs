namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>One configuration that coremltools can read.</summary>
/// <param name="Family">The family of schemes that it holds, as <c>palettize</c>.</param>
/// <param name="Yaml">The text.</param>
public sealed record CoreMlToolsText(string Family, string Yaml);
