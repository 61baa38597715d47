using SweepCluster.Compression.Pruning;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Joint;

/// <summary>Prunes, and palettizes or quantizes what is left: tables and scales are fitted to the elements that are left alone.</summary>
/// <remarks>Differs from the reference on purpose, which fits a table on the zeros too. An element that was kept stays in the mask even where its code stands for 0.
/// Idempotent where both parts are and the first counts elements (a target sparsity, n:m): what went is 0 and goes again. A threshold is not: a value that was kept may decode to one below it.</remarks>
internal sealed class JointCompressor(PruningCompressor pruning, ICompressor palettization, ICompressor quantization) : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme)
    {
        JointScheme joint = (JointScheme)scheme;
        return pruning.Refuses(weight, joint.Prune) ?? Combination(joint) ?? (joint.Then is PalettizeScheme ? palettization : quantization).Refuses(weight, joint.Then);
    }

    internal static string? Combination(JointScheme joint) => joint.Then switch
    {
        PalettizeScheme { VectorLength: > 1 } => "what is left of a pruned weight has no neighbours that would make vectors",
        PalettizeScheme { PerChannelScale: true } => "a palette of a pruned weight takes no scale for each channel",
        PalettizeScheme or QuantizeScheme => null,
        _ => $"{joint.Then.Family} does not follow pruning",
    };

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        JointScheme joint = (JointScheme)scheme;
        if (Refuses(weight.Source, joint) is string reason)
        {
            throw new SchemeNotApplicableException(weight.Source.Name, joint.Canonical, reason);
        }

        try
        {
            SparseWeight pruned = (SparseWeight)pruning.Compress(weight, joint.Prune, options, cancellationToken);
            pruned = new SparseWeight(Alone(pruned.Mask), pruned.Values);
            weight.Source.Stored.Unload(); // what is left is all that is needed from here on
            return joint.Then is PalettizeScheme palettize
                ? new SparsePalettization(weight, pruned, palettize, palettization).Compress(options, cancellationToken)
                : SparseQuantization.Of(weight, pruned).Compress(joint.Then, quantization, options, cancellationToken); // which holds the pruned values no longer
        }
        catch (SchemeNotApplicableException error)
        {
            throw new SchemeNotApplicableException(weight.Source.Name, joint.Canonical, error.Reason); // in the name of the whole scheme
        }
    }

    /// <summary>A copy, so that a part that is kept does not hold on to the array that it shares with what is dropped.</summary>
    internal static TensorData Alone(TensorData part) => new(part.Type, part.Shape, part.Bytes.ToArray());
}
