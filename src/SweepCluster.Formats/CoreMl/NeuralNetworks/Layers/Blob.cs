using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>A value of a network while its layers become nodes.</summary>
/// <param name="Name">The value's name in the graph.</param>
/// <param name="Shape">Its shape there; null where nothing says it.</param>
/// <param name="HidesBatch">Whether the file gives it five axes, <c>[sequence, batch, channel, height, width]</c>, of which the batch's, always 1, is left out here.</param>
internal sealed record Blob(string Name, Shape? Shape, bool HidesBatch = false)
{
    /// <summary>Its shape.</summary>
    /// <exception cref="LayerOpaqueException">Nothing says it.</exception>
    internal Shape Known => Shape is { IsKnown: true } shape ? shape : throw new LayerOpaqueException();

    /// <summary>Number of axes.</summary>
    internal int Rank => Known.Rank;

    /// <summary>The extent of an axis counted from the end.</summary>
    internal int FromEnd(int axis) => axis <= Rank ? Known[^axis] : throw new LayerOpaqueException();
}
