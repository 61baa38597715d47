using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>Arithmetic on two values, or on a value and a constant.</summary>
internal sealed class BinaryStep : Step
{
    /// <summary>The operation.</summary>
    public required BinaryOperation Operation { get; init; }

    /// <summary>Map of the constant, if there is one.</summary>
    public FeatureMap? ConstantMap { get; init; }

    /// <summary>Whether the constant stands on the left.</summary>
    public bool ConstantFirst { get; init; }

    public override void Run(in StepContext context)
    {
        MapOperand first = context.Operand(Inputs[0]);
        MapOperand second = ConstantMap is FeatureMap map
            ? new(map, context.Packed<AlignedFloats>(Parameters[0]).Span, shared: true)
            : context.Operand(Inputs[1]);
        MapArithmetic.Apply(
            Operation, ConstantFirst ? second : first, ConstantFirst ? first : second, Output.Map, context.Values(Output), context.Samples);
    }

    /// <summary>Lays a constant out for a map: one value for all, one a channel, or one an element.</summary>
    /// <param name="values">As many values as <paramref name="map"/> has rows and columns for each of <paramref name="channels"/> channels.</param>
    /// <param name="channels">1 or the map's channels.</param>
    /// <param name="map">The map.</param>
    public static AlignedFloats Expand(ReadOnlySpan<float> values, int channels, FeatureMap map)
    {
        AlignedFloats expanded = new(map.SampleLength);
        Span<float> to = expanded.Span;
        for (int channel = 0; channel < map.Channels; channel++)
        {
            for (int row = 0; row < map.Height; row++)
            {
                for (int column = 0; column < map.Width; column++)
                {
                    to[map.Offset(channel, row, column)] = values[((((channels == 1 ? 0 : channel) * map.Height) + row) * map.Width) + column];
                }
            }
        }

        return expanded;
    }
}
