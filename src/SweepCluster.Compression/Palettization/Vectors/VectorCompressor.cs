using SweepCluster.Compression.Palettization.Scales;
using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Palettes of vectors along the output axis (<c>cluster_dim</c>), one for the tensor or one for each group of output channels.</summary>
internal static class VectorCompressor
{
    internal static PalettizedWeight Compress(PreparedWeight weight, PalettizeScheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        ElementType type = weight.Source.Type;
        ChannelGroups groups = new(weight.Source, scheme.GroupSize);
        float[]? scales = scheme.PerChannelScale ? ChannelScales.Of(weight, groups) : null;
        byte[] indices = new byte[weight.Source.Shape.ElementCount / scheme.VectorLength];
        float[][] tables = new float[groups.Count][];
        VectorGroup[] kept = new VectorGroup[groups.Count];
        int threadsPerGroup = groups.Count == 1 ? options.Threads : 1;
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, index =>
        {
            VectorGroup group = new(weight, groups, index, scheme.VectorLength, scales);
            tables[index] = VectorPalette.Find(group, 1 << scheme.Bits, type, threadsPerGroup, cancellationToken);
            if (scheme.TableType is null)
            {
                group.Encode(tables[index], indices);
            }
            else
            {
                kept[index] = group; // its table changes once the scale of all tables is known
            }
        });

        Shape shape = PaletteLayout.TableShape(weight.Source, groups.Count, scheme.Bits, scheme.VectorLength);
        if (scheme.TableType is not { } tableType)
        {
            return PaletteLayout.Pack(weight.Source, indices, PaletteLayout.Table(type, shape, tables), scales);
        }

        TableCodes codes = PaletteRefiner.Refine(kept, tables, tableType, type, ChannelScales.Largest(scales), options.Threads, cancellationToken);
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, index => kept[index].Encode(codes.Tables[index], indices));
        return PaletteLayout.Pack(weight.Source, indices, codes.ToTable(shape), scales);
    }
}
