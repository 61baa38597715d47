using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Joint;

/// <summary>Linear codes for what is left of a pruned weight.</summary>
/// <remarks>The weight is quantized with its pruned elements at 0, and their codes are dropped. That is the fit to the others alone: every range holds 0 anyway, and 0 has a code that stands
/// for it exactly, so that pruned elements move no scale and add no error to a search. A block of which nothing is left has scale 1.</remarks>
/// <param name="mask">One bit an element.</param>
/// <param name="ones">Ones in the mask.</param>
/// <param name="dense">The weight with its pruned elements at 0.</param>
internal sealed class SparseQuantization(TensorData mask, int ones, PreparedWeight dense)
{
    /// <summary>Prepares a pruned weight. What is left of it is copied, so that its own array, which may be large, can go.</summary>
    internal static SparseQuantization Of(PreparedWeight weight, SparseWeight pruned)
    {
        Weight source = weight.Source;
        Weight dense = new(source.Name, Decompressor.ToDense(pruned), source.Uses, source.OutputAxis, source.InputAxis, source.Conflict);
        return new SparseQuantization(pruned.Mask, pruned.Values.Shape[0], new PreparedWeight(dense, weight.Importances));
    }

    internal SparseQuantizedWeight Compress(Scheme scheme, ICompressor quantization, CompressOptions options, CancellationToken cancellationToken)
    {
        // Joint forms are decoded in the scale's type, whatever the target decodes other forms in.
        CompressOptions inScaleType = options with { Arithmetic = DecodeArithmetic.ScaleType };
        QuantizedWeight codes = (QuantizedWeight)quantization.Compress(dense, scheme, inScaleType, cancellationToken);
        return new SparseQuantizedWeight(mask, CodeGathering.Gather(codes.Codes, mask, ones), JointCompressor.Alone(codes.Scales), codes.ZeroPoints);
    }
}
