using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Rearranges a sample's elements, kept in the order channel, row, column, under another shape.</summary>
internal sealed class FlattenStep : Step
{
    public override void Run(in StepContext context)
    {
        FeatureMap from = Inputs[0].Map, to = Output.Map;
        int length = from.Channels * from.Height * from.Width;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            ReadOnlySpan<float> source = context.Values(Inputs[0]).Slice(sample * from.SampleLength, from.SampleLength);
            Span<float> target = context.Values(Output).Slice(sample * to.SampleLength, to.SampleLength);
            if (to.Height == 1 && to.Width == 1 && !to.HasMargin)
            {
                MapLayout.ToPlain(from, source, target, 1);
                target[length..].Clear();
                continue;
            }

            target.Clear();
            for (int i = 0; i < length; i++)
            {
                int channel = Math.DivRem(i, from.Height * from.Width, out int pixel);
                int toChannel = Math.DivRem(i, to.Height * to.Width, out int toPixel);
                target[to.Offset(toChannel, toPixel / to.Width, toPixel % to.Width)] = source[from.Offset(channel, pixel / from.Width, pixel % from.Width)];
            }
        }
    }
}
