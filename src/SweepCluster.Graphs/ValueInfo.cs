namespace SweepCluster.Graphs;

/// <summary>A named value with its declared type.</summary>
/// <param name="Name">Name, unique in its graph.</param>
/// <param name="Type">Element type; null where the value is no tensor.</param>
/// <param name="Shape">Declared shape; extents may be unknown.</param>
public sealed record ValueInfo(string Name, ElementType? Type, Shape Shape);
