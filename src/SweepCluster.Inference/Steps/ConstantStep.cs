using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>A value that is the same for every sample.</summary>
internal sealed class ConstantStep : Step
{
    public override bool TakesVectors => true;

    public override void Run(in StepContext context)
    {
        ReadOnlySpan<float> values = context.Packed<AlignedFloats>(Parameters[0]).Span[..Output.Map.Channels];
        for (int sample = 0; sample < context.Samples; sample++)
        {
            values.CopyTo(context.Values(Output)[(sample * Output.Map.SampleLength)..]);
        }
    }
}
