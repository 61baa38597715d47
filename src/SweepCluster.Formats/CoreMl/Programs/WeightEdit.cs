using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>A weight to be stored in another form.</summary>
/// <param name="Site">Where it is defined.</param>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Stored">Its new form.</param>
internal sealed record WeightEdit(WeightSite Site, string Name, CompressedWeight Stored);
