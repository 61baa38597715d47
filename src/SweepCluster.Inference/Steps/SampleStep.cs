using SweepCluster.Numerics;

namespace SweepCluster.Inference.Steps;

/// <summary>A step of one input that computes one sample after the other.</summary>
internal abstract class SampleStep : Step
{
    public sealed override void Run(in StepContext context)
    {
        FeatureMap from = Inputs[0].Map, to = Output.Map;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            RunSample(from, context.Values(Inputs[0]).Slice(sample * from.SampleLength, from.SampleLength), to, context.Values(Output).Slice(sample * to.SampleLength, to.SampleLength));
        }
    }

    /// <summary>Computes a sample.</summary>
    private protected abstract void RunSample(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target);
}
