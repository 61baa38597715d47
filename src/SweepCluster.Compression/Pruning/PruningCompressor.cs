using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>The smallest magnitudes become 0; what is left is stored with a mask.</summary>
/// <remarks>As the reference: a threshold is rounded to the weight's type and everything up to and including it goes, ties too, so the sparsity can come out above the target
/// (blocks: every block whose norm ties with the percentile). Zeros of the source are never stored, of whatever sign. A weight of which nothing would be left is refused.</remarks>
internal sealed class PruningCompressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme) => Applicability.RefusesMatrix(weight) ?? StructuralRules.Refuses(weight, (PruneScheme)scheme);

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        if (Refuses(weight.Source, scheme) is string reason)
        {
            throw Refusal(weight, scheme, reason);
        }

        return weight.Source.Type == ElementType.Float16
            ? Compress<ushort>(weight, (PruneScheme)scheme, options.Threads, cancellationToken)
            : Compress<uint>(weight, (PruneScheme)scheme, options.Threads, cancellationToken);
    }

    private static SparseWeight Compress<T>(PreparedWeight weight, PruneScheme scheme, int threads, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        (SparseWeight? found, string nothing) = scheme switch
        {
            ThresholdPruneScheme threshold => (ByThreshold<T>(weight.Source, threshold, threads), "no magnitude is above the threshold"),
            MagnitudePruneScheme { Channels: true } channels => (ByChannels<T>(weight, channels, threads), "the channels that stay are all zero"),
            MagnitudePruneScheme { BlockSize: > 0 } blocks => (ByBlocks<T>(weight, blocks, threads), "every block's norm ties with the percentile"),
            MagnitudePruneScheme { ExactTies: true } exact => (ExactTies.Prune<T>(weight.Source, exact.TargetSparsity, threads), "all of it is zero"),
            MagnitudePruneScheme magnitude => (ByPercentile<T>(weight.Source, magnitude, threads), "every magnitude ties with the percentile"),
            PatternPruneScheme pattern => (ByPattern<T>(weight, pattern, threads), "what its runs would keep is all zero"),
            _ => throw new ArgumentException($"No rule prunes by the scheme {scheme.Canonical}.", nameof(scheme)),
        };
        cancellationToken.ThrowIfCancellationRequested();
        if (found is null)
        {
            throw Refusal(weight, scheme, weight.NonFinite!);
        }

        if (scheme is ThresholdPruneScheme { MinimumSparsity: double minimum })
        {
            double sparsity = 1 - ((double)found.Values.Shape[0] / found.Shape.ElementCount);
            if (sparsity < minimum)
            {
                throw Refusal(weight, scheme, FormattableString.Invariant($"a sparsity of {sparsity} is below minimum_sparsity_percentile {minimum}"));
            }
        }

        return found.Values.Shape[0] > 0 ? found : throw Refusal(weight, scheme, nothing + ", nothing would be left");
    }

    private static SparseWeight? ByThreshold<T>(Weight weight, ThresholdPruneScheme scheme, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        float threshold = StoredValue.Cast(weight.Type, scheme.Threshold);
        return SparsePacker.Above(weight, Bits<T>(threshold), -1, threads);
    }

    private static SparseWeight? ByPercentile<T>(Weight weight, MagnitudePruneScheme scheme, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        MagnitudePercentile percentile = MagnitudePercentile.Of(SparsePacker.Source(weight).Bytes, weight.Type, weight.Type, scheme.TargetSparsity, threads);
        return SparsePacker.Above(weight, Bits<T>(percentile.Threshold), percentile.MostKept, threads);
    }

    private static SparseWeight? ByPattern<T>(PreparedWeight weight, PatternPruneScheme scheme, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Weight source = weight.Source;
        AxisView view = AxisView.Of(source.Shape, StructuralRules.AxisOf(source, scheme.Dim));
        return weight.NonFinite is not null ? null : SparsePacker.Masked<T>(
            source, PatternMask.Of(SparsePacker.Numbers<T>(SparsePacker.Source(source)), view, scheme.N, scheme.M), threads);
    }

    private static SparseWeight? ByBlocks<T>(PreparedWeight weight, MagnitudePruneScheme scheme, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Weight source = weight.Source;
        if (weight.NonFinite is not null)
        {
            return null;
        }

        bool asReference = scheme.Profile == SchemeProfile.CoreMlTools;
        byte[] norms = BlockNorms.Map(source, StructuralRules.AxisOf(source, scheme.Dim), scheme.BlockSize, asReference);
        float threshold = MagnitudePercentile.Of(norms, ElementType.Float32, asReference ? source.Type : ElementType.Float32, scheme.TargetSparsity, threads).Threshold;
        if (float.IsNaN(threshold))
        {
            throw Refusal(weight, scheme, $"the norms of its blocks are infinite in {source.Type.Name()}");
        }

        byte[] mask = BlockMask.Of(SparsePacker.Numbers<T>(SparsePacker.Source(source)), MemoryMarshal.Cast<byte, float>(norms), threshold);
        return SparsePacker.Masked<T>(source, mask, threads);
    }

    private static SparseWeight? ByChannels<T>(PreparedWeight weight, MagnitudePruneScheme scheme, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        Weight source = weight.Source;
        if (weight.NonFinite is not null)
        {
            return null;
        }

        double[] norms = BlockNorms.OfChannels(source);
        int goes = MagnitudePercentile.FloorOf(scheme.TargetSparsity, norms.Length);
        bool[] stays = new bool[norms.Length];
        foreach (int channel in Enumerable.Range(0, norms.Length).OrderBy(channel => norms[channel]).Skip(goes)) // a stable sort: the lowest channel first among equals
        {
            stays[channel] = true;
        }

        ReadOnlySpan<T> numbers = SparsePacker.Numbers<T>(SparsePacker.Source(source));
        byte[] mask = new byte[SparsePacking.MaskLength(numbers.Length)];
        BlockRuns runs = BlockRuns.Along(source.Shape, source.OutputAxis, 1);
        foreach ((int start, int channel) in runs)
        {
            for (int i = start; stays[channel] && i < start + runs.RunLength; i++)
            {
                mask[i >> 3] |= (byte)((T.IsZero(numbers[i] << 1) ? 0 : 1) << (i & 7));
            }
        }

        return SparsePacker.Masked<T>(source, mask, threads);
    }

    private static T Bits<T>(float threshold)
        where T : unmanaged, IBinaryInteger<T> => typeof(T) == typeof(ushort)
            ? T.CreateTruncating(BitConverter.HalfToUInt16Bits((Half)threshold))
            : T.CreateTruncating(BitConverter.SingleToUInt32Bits(threshold));

    private static SchemeNotApplicableException Refusal(PreparedWeight weight, Scheme scheme, string reason) => new(weight.Source.Name, scheme.Canonical, reason);
}
