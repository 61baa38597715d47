using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Compression.Palettization.Vectors;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization;

/// <summary>Palettes of the least squared error, one for the tensor or one for each group of output channels.</summary>
/// <remarks>Differs from the reference on purpose: the k-means is exact for every type and size, values are assigned to the entries as stored. See <see cref="Palette.Find"/>.
/// Binned, float32 values are rounded first (<see cref="Numerics.Packing.DistinctValues.Binned"/>) and the palette is optimal for the rounded ones; every element still goes to its nearest entry.
/// With R the squared error of that rounding, the root of the squared error is at most the optimum's plus twice the root of R, plus what storing the entries in float32 costs.</remarks>
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

        return palettize is { Mode: PaletteMode.KMeans, PerChannelScale: false, TableType: null }
            ? ScalarPalettes.Find(weight, weight.Groups(palettize.GroupSize, palettize.Binned), palettize.Bits, options.Threads, cancellationToken)
            : TableCompressor.Compress(weight, palettize, options, cancellationToken);
    }
}
