using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Pooling;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>Largest value, average or length of windows.</summary>
internal sealed class PoolStep : Step
{
    private VectorPath _path;

    /// <summary>The pooling; its maps are replaced by the final ones.</summary>
    public required PoolGeometry Geometry { get; set; }

    /// <summary>What becomes of a window.</summary>
    public required PoolKind Kind { get; init; }

    public override void Prepare(VectorPath path)
    {
        _path = path;
        Geometry = Geometry with { Input = Inputs[0].Map, Output = Output.Map };
    }

    public override void Run(in StepContext context)
    {
        if (Kind == PoolKind.Max)
        {
            Pooler.Max(Geometry, context.Values(Inputs[0]), context.Values(Output), context.Samples, _path);
        }
        else if (Kind == PoolKind.L2)
        {
            Pooler.SumOfSquares(Geometry, context.Values(Inputs[0]), context.Values(Output), context.Samples, _path);
            MapArithmetic.Apply(UnaryOperation.Sqrt, 0f, 0f, context.Operand(Output), Output.Map, context.Values(Output), context.Samples);
        }
        else
        {
            Pooler.Average(Geometry, context.Values(Inputs[0]), context.Values(Output), context.Samples, Kind == PoolKind.AverageInside, _path);
        }
    }
}
