using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Stores weights of a neural network in other forms.</summary>
internal static class NetworkEditor
{
    /// <summary>Applies edits.</summary>
    /// <param name="model">The network; a copy that may be changed. Its version is raised where a form needs it.</param>
    /// <param name="edits">Sites of weights with their new forms.</param>
    /// <exception cref="ArgumentException">Neural networks have no such form.</exception>
    internal static void Apply(Model model, IEnumerable<(NetworkSite Site, CompressedWeight Stored)> edits)
    {
        NetworkView network = NetworkView.Of(model)!;
        foreach ((NetworkSite site, CompressedWeight stored) in edits)
        {
            WeightSlot slot = WeightSlots.Of(NestedNetworks.LayerAt(network, site.Path.AsSpan())).First(candidate => candidate.Name == site.Slot);
            WeightParamsWriter.Write(slot.Params, stored, slot.ScaleShapes);
            model.SpecificationVersion = Math.Max(model.SpecificationVersion, NetworkTargets.Needs(stored));
        }
    }
}
