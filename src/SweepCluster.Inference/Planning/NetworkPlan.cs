using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Planning;

/// <summary>What all variants of a network share: its steps, its memory, which parameters they read.</summary>
internal sealed record NetworkPlan(
    string OutputName,
    Slot Output,
    Shape InputShape,
    ImmutableArray<Step> Steps,
    ImmutableArray<Slot> Slots,
    ImmutableArray<Parameter> Parameters,
    ImmutableHashSet<string> WeightNames,
    MemoryPlan Memory,
    int PreferredBatch)
{
    /// <summary>Floats of one input sample.</summary>
    public int InputLength { get; } = checked((int)InputShape.ElementCount);

    /// <summary>Floats of one output sample.</summary>
    public int OutputLength { get; } = checked(Output.Map.Channels * Output.Map.Height * Output.Map.Width);

    /// <summary>Whether a weight is packed together with others.</summary>
    public bool ReadsTogether(string weightName) => Parameters.Any(parameter => parameter.Sources.Length > 1 && parameter.Reads(weightName));

    /// <summary>The first step that reads a weight, or -1.</summary>
    public int FirstStepThatReads(string weightName)
    {
        for (int i = 0; i < Steps.Length; i++)
        {
            if (Steps[i].Parameters.Any(parameter => parameter.Reads(weightName)))
            {
                return i;
            }
        }

        return -1;
    }
}
