namespace SweepCluster.Inference.Steps;

/// <summary>Something done to groups of a value's elements, each alone: those that differ in their place on some axes.</summary>
internal abstract class GroupStep : Step
{
    /// <summary>The first element of each group, in row-major order.</summary>
    public required int[] Starts { get; init; }

    /// <summary>From there to each of its elements, in row-major order.</summary>
    public required int[] Offsets { get; init; }

    public override bool TakesVectors => true;

    public override void Run(in StepContext context)
    {
        for (int sample = 0; sample < context.Samples; sample++)
        {
            RunSample(
                context.Values(Inputs[0]).Slice(sample * Inputs[0].Map.SampleLength, Inputs[0].Map.Channels),
                context.Values(Output).Slice(sample * Output.Map.SampleLength, Output.Map.Channels));
        }
    }

    /// <summary>Computes one sample.</summary>
    /// <param name="source">The input's elements, row-major.</param>
    /// <param name="target">Receives the output's elements, row-major.</param>
    protected abstract void RunSample(ReadOnlySpan<float> source, Span<float> target);
}
