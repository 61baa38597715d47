using SweepCluster.Numerics;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>Gives each element of the output some element of the input, or a constant: transpositions, slices, repetitions, paddings.</summary>
internal sealed class RearrangeStep : Step
{
    private int[] _offsets = []; // places among the input's elements at first; among its floats as soon as its map is final

    /// <summary>For each element of the output in the order channel, row, column the element of the input in that order; below 0 for the constant.</summary>
    /// <remarks>The step keeps the array and overwrites it.</remarks>
    public required int[] Sources
    {
        init => _offsets = value;
    }

    /// <summary>The constant.</summary>
    public float Fill { get; init; }

    public override void Prepare(VectorPath path)
    {
        FeatureMap from = Inputs[0].Map;
        int plane = from.Height * from.Width;
        foreach (ref int offset in _offsets.AsSpan())
        {
            offset = offset < 0 ? -1 : from.Offset(offset / plane, offset % plane / from.Width, offset % from.Width);
        }
    }

    public override void Run(in StepContext context)
    {
        FeatureMap from = Inputs[0].Map, to = Output.Map;
        for (int sample = 0; sample < context.Samples; sample++)
        {
            ReadOnlySpan<float> source = context.Values(Inputs[0]).Slice(sample * from.SampleLength, from.SampleLength);
            Span<float> target = context.Values(Output).Slice(sample * to.SampleLength, to.SampleLength);
            int i = 0;
            for (int channel = 0; channel < to.Channels; channel++)
            {
                for (int row = 0; row < to.Height; row++)
                {
                    int at = to.Offset(channel, row, 0);
                    for (int column = 0; column < to.Width; column++, at += to.Lanes)
                    {
                        int offset = _offsets[i++];
                        target[at] = offset < 0 ? Fill : source[offset];
                    }
                }
            }
        }
    }
}
