using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Shapes that are made of numbers of a file.</summary>
internal static class LayerShape
{
    /// <summary>Most axes of a value.</summary>
    internal const int MaxRank = 16;

    /// <summary>A shape, every extent of which is known.</summary>
    /// <exception cref="LayerOpaqueException">An extent is below 0, or there are over 16.</exception>
    internal static Shape Of(params ReadOnlySpan<int> extents)
    {
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                throw new LayerOpaqueException();
            }
        }

        return extents.Length <= MaxRank ? new Shape(extents) : throw new LayerOpaqueException();
    }
}
