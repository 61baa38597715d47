using SweepCluster.Numerics;

namespace SweepCluster.Inference.Steps;

/// <summary>Takes the samples in: plain to planar, with whatever margin the first operation needs.</summary>
internal sealed class InputStep : Step
{
    public override void Run(in StepContext context)
    {
        FeatureMap to = Output.Map;
        Span<float> values = context.Values(Output);
        int plane = to.Height * to.Width, at = 0;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            for (int channel = 0; channel < to.Channels; channel++)
            {
                for (int row = 0; row < to.Height; row++, at += to.Width)
                {
                    context.NetworkInput.Slice(at, to.Width).CopyTo(values[((sample * to.SampleLength) + to.Offset(channel, row, 0))..]);
                }
            }
        }

        System.Diagnostics.Debug.Assert(at == context.Samples * to.Channels * plane);
    }
}
