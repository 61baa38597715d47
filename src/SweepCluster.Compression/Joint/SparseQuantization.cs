using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Joint;

/// <summary>Linear codes for what is left of a pruned weight.</summary>
/// <remarks>The weight is quantized with its pruned elements at 0, and their codes are dropped. That is the fit to the others alone: every range holds 0 anyway, and 0 has a code that stands
/// for it exactly, so that pruned elements move no scale and add no error to a search. A block of which nothing is left has scale 1.</remarks>
internal static class SparseQuantization
{
    internal static SparseQuantizedWeight Compress(
        PreparedWeight weight, SparseWeight pruned, Scheme scheme, ICompressor quantization, CompressOptions options, CancellationToken cancellationToken)
    {
        Weight source = weight.Source;
        Weight dense = new(source.Name, Decompressor.ToDense(pruned), source.Uses, source.OutputAxis, source.InputAxis, source.Conflict);

        // Joint forms are decoded in the scale's type, whatever the target decodes other forms in.
        CompressOptions inScaleType = options with { Arithmetic = DecodeArithmetic.ScaleType };
        QuantizedWeight codes = (QuantizedWeight)quantization.Compress(new PreparedWeight(dense, weight.Importances), scheme, inScaleType, cancellationToken);
        return new SparseQuantizedWeight(pruned.Mask, CodeGathering.Gather(codes.Codes, pruned.Mask, pruned.Values.Shape[0]), JointCompressor.Alone(codes.Scales), codes.ZeroPoints);
    }
}
