using SweepCluster.Numerics.MatrixProducts;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>A matrix product with the relu that follows it.</summary>
internal sealed class LinearStep : Step
{
    private VectorPath _path;

    /// <summary>Whether values below 0 become 0.</summary>
    public bool Rectify { get; set; }

    public override long MultiplyAdds => (long)Inputs[0].Map.Channels * Output.Map.Channels;

    public override bool TakesVectors => true;

    public override void Prepare(VectorPath path) => _path = path;

    public override void Run(in StepContext context) => Linear.Run(
        context.Packed<LinearWeights>(Parameters[0]),
        context.Packed<AlignedFloats>(Parameters[1]),
        context.Values(Inputs[0]),
        Inputs[0].Map.SampleLength,
        context.Values(Output),
        Output.Map.SampleLength,
        context.Samples,
        Rectify,
        _path);
}
