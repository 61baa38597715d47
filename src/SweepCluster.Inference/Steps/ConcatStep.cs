using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Puts channels of several values one after the other. With one input it copies: a change of layout.</summary>
internal sealed class ConcatStep : Step
{
    public override void Run(in StepContext context)
    {
        int channel = 0;
        foreach (Slot input in Inputs)
        {
            MapLayout.Copy(input.Map, context.Values(input), Output.Map, context.Values(Output), context.Samples, channel);
            channel += input.Map.Channels;
        }
    }
}
