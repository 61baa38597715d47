using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>The scheme that a stored form is one of: what would be asked for to store a weight so again.</summary>
/// <remarks>What a form does not hold is what is usual: a palette is one of k-means, a mask one of the smallest magnitudes. A sparsity is the share of zeros that there is.</remarks>
public static class StoredScheme
{
    private const int Digits = 6; // of a share of zeros

    /// <summary>The scheme; null where no scheme says the form (blocks on an axis that schemes have none on, offsets that are no codes).</summary>
    /// <param name="weight">The weight, with the axes of its channels.</param>
    public static Scheme? Of(Weight weight) => weight.Chain is not null ? null : weight.Stored switch
    {
        DenseWeight dense when dense.Values.Type == dense.Type => new UntouchedScheme(),
        DenseWeight { Values.Type: ElementType.Float16 } => new Float16Scheme(),
        PalettizedWeight palette => Palette(weight, palette.Indices.Type, palette.Table, palette.VectorAxis, palette.ChannelScales),
        QuantizedWeight quantized when quantized.ZeroPoints?.Type.IsFloat() != true => Codes(weight, quantized.Codes.Type, quantized.Scales, HasOffsets(quantized)),
        SparseWeight sparse => Pruned(sparse.Mask, sparse.Values),
        SparsePalettizedWeight sparse when Palette(weight, sparse.Indices.Type, sparse.Table, sparse.VectorAxis, null) is { } then => Joint(Pruned(sparse.Mask, sparse.Indices), then),
        SparseQuantizedWeight sparse when sparse.ZeroPoints?.Type.IsFloat() != true && Codes(weight, sparse.Codes.Type, sparse.Scales, sparse.ZeroPoints is not null) is { } then => Joint(Pruned(sparse.Mask, sparse.Codes), then),
        _ => null,
    };

    private static bool HasOffsets(QuantizedWeight quantized) =>
        quantized.Biases is not null || (quantized.ZeroPoints is { } zeroPoints && Decompressor.Pieces(new DenseWeight(zeroPoints.Type, zeroPoints)).Any(piece => piece.Span.ContainsAnyExcept(0f)));

    private static JointScheme? Joint(MagnitudePruneScheme? prune, Scheme then) => prune is null ? null : new JointScheme(prune, then);

    private static PalettizeScheme? Palette(Weight weight, ElementType indices, PaletteTable table, int? vectorAxis, TensorData? scales)
    {
        Shape groups = table.Shape;
        int axis = weight.OutputAxis, rank = weight.Shape.Rank, length = groups[rank + 1];
        bool fits = Enumerable.Range(0, rank).All(i => i == axis || groups[i] == 1) && (length == 1 || vectorAxis == axis)
            && (scales is null || Enumerable.Range(0, rank).All(i => scales.Shape[i] == (i == axis ? weight.Shape[i] : 1)));
        return !fits ? null : new PalettizeScheme(indices.BitWidth(), groups[axis] == 1 ? 0 : weight.Shape[axis] / groups[axis])
        {
            VectorLength = length,
            PerChannelScale = scales is not null,
            TableType = table.Codes?.Codes.Type,
        };
    }

    private static QuantizeScheme? Codes(Weight weight, ElementType codes, TensorData scales, bool hasOffsets)
    {
        int[] blocks = [.. Enumerable.Range(0, weight.Shape.Rank).Select(axis => weight.Shape[axis] / scales.Shape[axis])];
        bool IsWhole(int axis) => scales.Shape[axis] == 1;
        bool others = Enumerable.Range(0, blocks.Length).All(axis => axis == weight.OutputAxis || axis == weight.InputAxis || IsWhole(axis));
        bool perTensor = Enumerable.Range(0, blocks.Length).All(IsWhole), perChannel = others && blocks[weight.OutputAxis] == 1;
        return perTensor ? new QuantizeScheme(codes, !hasOffsets, QuantizeGranularity.PerTensor, 0)
            : perChannel && (weight.InputAxis == weight.OutputAxis || IsWhole(weight.InputAxis)) ? new QuantizeScheme(codes, !hasOffsets, QuantizeGranularity.PerChannel, 0)
            : perChannel ? new QuantizeScheme(codes, !hasOffsets, QuantizeGranularity.PerBlock, blocks[weight.InputAxis])
            : new QuantizeScheme(codes, !hasOffsets, QuantizeGranularity.PerBlock, 0) { Blocks = new Shape([.. blocks.Select((extent, axis) => IsWhole(axis) ? 0 : extent)]) };
    }

    private static MagnitudePruneScheme? Pruned(TensorData mask, TensorData stored)
    {
        double share = Math.Round(1 - ((double)stored.Shape.ElementCount / Math.Max(1, mask.Shape.ElementCount)), Digits);
        return share is > 0 and < 1 ? new MagnitudePruneScheme(share) : null;
    }
}
