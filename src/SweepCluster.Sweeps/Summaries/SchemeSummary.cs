namespace SweepCluster.Sweeps.Summaries;

/// <summary>One scheme of the sweep.</summary>
/// <param name="Canonical">Canonical text.</param>
/// <param name="Label">A few characters.</param>
/// <param name="Family">palettize, quantize, prune or float16.</param>
public sealed record SchemeSummary(string Canonical, string Label, string Family);
