using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>A scheme that a layer cannot take.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Scheme">The scheme.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record Refusal(string Layer, Scheme Scheme, string Reason);
