using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>One weight of a layer.</summary>
/// <param name="Name">The field's name, as <c>weights</c> or <c>inputGateWeightMatrix</c>; where it repeats, with its index: <c>weights_1</c>.</param>
/// <param name="Params">The message that holds it.</param>
/// <param name="Shape">Its shape: as the layer's other fields say it.</param>
/// <param name="OpType">What reads it, in the vocabulary of ML programs, as <c>conv</c>.</param>
/// <param name="Input">The input of such an operation that it feeds, as <c>weight</c>.</param>
internal sealed record WeightSlot(string Name, WeightParams Params, Shape Shape, string OpType, string Input)
{
    /// <summary>Axis of output channels.</summary>
    internal int OutputAxis { get; init; }

    /// <summary>Axis of input channels.</summary>
    internal int InputAxis { get; init; }

    /// <summary>Whether it is the layer's main weight, which is named by the layer alone.</summary>
    internal bool IsMain { get; init; }

    /// <summary>Shapes that more than one scale may have (blocks on each axis of the weight); the first is the one that is written. Empty where one scale must do.</summary>
    internal ImmutableArray<Shape> ScaleShapes { get; init; } = [];

    /// <summary>Whether its layer must hold float16 or float32 throughout.</summary>
    internal bool SharesPrecision { get; init; } = true;
}
