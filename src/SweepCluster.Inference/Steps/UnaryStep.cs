using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>An operation on each element.</summary>
internal sealed class UnaryStep : Step
{
    /// <summary>The operation.</summary>
    public required UnaryOperation Operation { get; init; }

    /// <summary>Its first parameter.</summary>
    public float Alpha { get; init; }

    /// <summary>Its second parameter.</summary>
    public float Beta { get; init; }

    public override void Run(in StepContext context) =>
        MapArithmetic.Apply(Operation, Alpha, Beta, context.Operand(Inputs[0]), Output.Map, context.Values(Output), context.Samples);
}
