using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Softmax over the channels of a value with one row and one column.</summary>
internal sealed class SoftmaxStep : Step
{
    public override void Run(in StepContext context)
    {
        int channels = Output.Map.Channels;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            ReadOnlySpan<float> source = context.Values(Inputs[0]).Slice((sample * Inputs[0].Map.SampleLength) + Inputs[0].Map.Origin, channels);
            Span<float> target = context.Values(Output).Slice(sample * Output.Map.SampleLength, Output.Map.SampleLength);
            target.Clear();
            DeterministicMath.Softmax(source, target[Output.Map.Origin..]);
        }
    }
}
