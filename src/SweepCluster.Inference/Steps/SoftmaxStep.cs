using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Softmax over the channels of a value with one row and one column.</summary>
internal sealed class SoftmaxStep : Step
{
    public override bool TakesVectors => true;

    public override void Run(in StepContext context)
    {
        int channels = Output.Map.Channels;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            ReadOnlySpan<float> source = context.Values(Inputs[0]).Slice(sample * Inputs[0].Map.SampleLength, channels);
            Span<float> target = context.Values(Output).Slice(sample * Output.Map.SampleLength, Output.Map.SampleLength);
            DeterministicMath.Softmax(source, target);
            target[channels..].Clear();
        }
    }
}
