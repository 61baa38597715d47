using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;

namespace SweepCluster.Inference.Lowering;

/// <summary>A value of the graph for one sample.</summary>
/// <param name="Slot">Where it is kept. Its elements in the order channel, row, column are those of the value in row-major order, whatever the slot's own extents.</param>
/// <param name="Shape">Its shape as the program declares it, the batch's axis included.</param>
internal sealed record Tensor(Slot Slot, Shape Shape)
{
    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;
}
