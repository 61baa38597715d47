using System.Buffers;
using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Compression.Palettization.Vectors;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>Palettes of the least squared error, one for the tensor or one for each group of output channels.</summary>
/// <remarks>Differs from the reference on purpose: the k-means is exact for every type and size, values are assigned to the entries as stored. See <see cref="Palette.Find"/>.</remarks>
internal sealed class PalettizationCompressor : ICompressor
{
    /// <inheritdoc/>
    public string? Refuses(Weight weight, Scheme scheme)
    {
        PalettizeScheme palettize = (PalettizeScheme)scheme;
        return Applicability.RefusesMatrix(weight) ?? PaletteApplicability.Refuses(weight, palettize);
    }

    /// <inheritdoc/>
    public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        PalettizeScheme palettize = Applicability.Admit<PalettizeScheme>(this, weight, scheme);
        if (palettize.VectorLength > 1)
        {
            return VectorCompressor.Compress(weight, palettize, options, cancellationToken);
        }

        if (palettize is not { Mode: PaletteMode.KMeans, PerChannelScale: false, TableType: null })
        {
            return TableCompressor.Compress(weight, palettize, options, cancellationToken);
        }

        Weight source = weight.Source;
        int size = 1 << palettize.Bits;
        WeightGroups groups = weight.Groups(palettize.GroupSize);
        float[] table = new float[groups.Count * size];
        byte[] codes = ArrayPool<byte>.Shared.Rent((int)source.Shape.ElementCount);
        try
        {
            for (int group = 0; group < groups.Count; group++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DistinctValues distinct = groups[group];
                Palette palette = Palette.Find(distinct, size, source.Type, cancellationToken);
                palette.Entries.CopyTo(table, group * size);
                Encode(weight, groups, group, palette, distinct, size, codes);
            }

            ElementType indexType = ElementTypes.UnsignedOf(palettize.Bits);
            byte[] packed = new byte[indexType.ByteCount(source.Shape.ElementCount)];
            BitPacking.Pack(codes.AsSpan(0, (int)source.Shape.ElementCount), palettize.Bits, packed);
            int[] tableShape = [.. BlockRuns.Ones(source.Shape), size, 1];
            tableShape[source.OutputAxis] = groups.Count;
            return new PalettizedWeight(
                source.Shape,
                new TensorData(indexType, source.Shape, packed),
                TensorData.FromFloats(source.Type, new Shape(tableShape), table));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(codes);
        }
    }

    private static void Encode(PreparedWeight weight, WeightGroups groups, int group, Palette palette, DistinctValues distinct, int size, byte[] codes)
    {
        bool isHalf = weight.Source.Type == ElementType.Float16;
        byte[] codeOfBits = isHalf ? ArrayPool<byte>.Shared.Rent(65536) : [];
        float[] bounds = isHalf ? [] : PaletteCoder.UpperBounds(palette, distinct, size);
        if (isHalf)
        {
            PaletteCoder.FillTable(palette, distinct, codeOfBits);
        }

        foreach (int start in groups.RunStarts(group))
        {
            Span<byte> run = codes.AsSpan(start, groups.Runs.RunLength);
            if (isHalf)
            {
                PaletteCoder.Encode(weight.Halves.Slice(start, run.Length), codeOfBits, run);
            }
            else
            {
                PaletteCoder.Encode(weight.Values.Span.Slice(start, run.Length), bounds, run);
            }
        }

        if (isHalf)
        {
            ArrayPool<byte>.Shared.Return(codeOfBits);
        }
    }
}
