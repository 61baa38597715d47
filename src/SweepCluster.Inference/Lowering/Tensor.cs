using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;

namespace SweepCluster.Inference.Lowering;

/// <summary>A value of the graph: where it is kept, and how many axes the program gives it, the batch's included.</summary>
internal sealed record Tensor(Slot Slot, int Rank)
{
    /// <summary>Its shape for one sample, as the program declares shapes.</summary>
    public Shape Shape => Rank switch
    {
        2 => new(1, Slot.Map.Channels),
        3 => new(1, Slot.Map.Channels, Slot.Map.Height),
        _ => new(1, Slot.Map.Channels, Slot.Map.Height, Slot.Map.Width),
    };
}
