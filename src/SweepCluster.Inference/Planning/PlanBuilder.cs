using SweepCluster.Graphs;
using SweepCluster.Inference.Lowering;
using SweepCluster.Inference.Steps;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Planning;

/// <summary>Turns a graph into a plan.</summary>
internal static class PlanBuilder
{
    // What one sample's values may take beside others so that a turn stays in a core's own cache; a matter of speed alone.
    private const int CacheBytes = 1 << 20;
    private const int LargestBatch = 16;

    /// <summary>Builds the plan for one value of a graph.</summary>
    /// <exception cref="BadInputException">Something cannot be run; one line for each fault.</exception>
    public static NetworkPlan Build(Graph graph, string output, VectorPath path)
    {
        LoweredGraph lowered = GraphLowering.Lower(graph, output);
        Fusion.Apply(lowered.Steps, lowered.Output);
        MarginPlan.Apply(lowered, graph.Source);
        foreach (Step step in lowered.Steps)
        {
            step.Prepare(path);
        }

        MemoryPlan memory = MemoryPlan.Create(lowered.Steps, lowered.Slots, lowered.Output.Index, graph.Source);
        Shape declared = graph.Inputs[0].Info.Shape;
        return new(
            output,
            lowered.Output,
            new Shape(declared.Extents.AsSpan()[1..]),
            [.. lowered.Steps],
            [.. lowered.Slots],
            [.. lowered.Parameters],
            [.. graph.Weights.Select(weight => weight.Name)],
            memory,
            Math.Min(Math.Clamp(CacheBytes / sizeof(float) / memory.FloatsPerSample, 4, LargestBatch), AlignedFloats.MaxLength / memory.FloatsPerSample));
    }
}
