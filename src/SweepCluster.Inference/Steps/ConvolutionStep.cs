using SweepCluster.Inference.Planning;
using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Inference.Steps;

/// <summary>A convolution, with the addition and the relu that follow it. Inputs: the values, then what is added, if anything.</summary>
internal sealed class ConvolutionStep : Step
{
    private Convolver? _convolver;

    /// <summary>The convolution; its maps are replaced by the final ones.</summary>
    public required ConvolutionGeometry Geometry { get; set; }

    /// <summary>Whether values below 0 become 0.</summary>
    public bool Rectify { get; set; }

    /// <summary>What is added to the sums, if anything.</summary>
    public Slot? Residual => Inputs.Count > 1 ? Inputs[1] : null;

    public override long MultiplyAdds => Geometry.MultiplyAdds;

    public override Margin NeededMargin
    {
        get
        {
            // At most the padding behind, which fits; the sums on the way to it need not.
            long bottom = ((Geometry.Output.Height - 1L) * Geometry.StrideY) + ((Geometry.KernelHeight - 1L) * Geometry.DilationY) - Geometry.PadTop - Geometry.Input.Height + 1;
            long right = ((Geometry.Output.Width - 1L) * Geometry.StrideX) + ((Geometry.KernelWidth - 1L) * Geometry.DilationX) - Geometry.PadLeft - Geometry.Input.Width + 1;
            return new(Geometry.PadTop, Geometry.PadLeft, (int)Math.Max(bottom, 0), (int)Math.Max(right, 0));
        }
    }

    public override void Prepare(VectorPath path)
    {
        Geometry = Geometry with { Input = Inputs[0].Map, Output = Output.Map };
        _convolver = new(Geometry, path);
    }

    public override void Run(in StepContext context) => _convolver!.Run(
        context.Packed<ConvolutionWeights>(Parameters[0]),
        context.Packed<AlignedFloats>(Parameters[1]),
        context.Values(Inputs[0]),
        context.Values(Output),
        context.Samples,
        Residual is null ? [] : context.Values(Residual),
        Residual?.Map ?? default,
        Rectify);
}
