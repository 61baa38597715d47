using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Pruning;

/// <summary>The smallest magnitudes become 0; what is left is stored with a mask.</summary>
/// <remarks>As the reference: the percentile is rounded to the weight's type and everything up to and including it goes, ties too, so the sparsity can come out above the target. Zeros of the source are never stored.</remarks>
internal sealed class PruningCompressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme) => Applicability.RefusesMatrix(weight);

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        MagnitudePruneScheme prune = Applicability.Admit<MagnitudePruneScheme>(this, weight, scheme);
        ReadOnlySpan<float> values = weight.Values.Span;
        double percentile = MagnitudeThreshold.AtFraction(values, prune.TargetSparsity);
        float threshold = weight.Source.Type == ElementType.Float16 ? (float)(Half)percentile : (float)percentile;
        cancellationToken.ThrowIfCancellationRequested();

        byte[] mask = new byte[ElementType.UInt1.ByteCount(values.Length)];
        float[] kept = new float[values.Length];
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // No branch on the value: every one is written, and the next one writes over those that go.
            int keep = Math.Abs(values[i]) > threshold ? 1 : 0;
            mask[i >> 3] |= (byte)(keep << (i & 7));
            kept[count] = values[i];
            count += keep;
        }

        if (count == 0)
        {
            throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, "every magnitude ties with the percentile, nothing would be left");
        }

        Weight source = weight.Source;
        return new SparseWeight(
            new TensorData(ElementType.UInt1, source.Shape, mask),
            TensorData.FromFloats(source.Type, new Shape(count), kept.AsSpan(0, count)));
    }
}
