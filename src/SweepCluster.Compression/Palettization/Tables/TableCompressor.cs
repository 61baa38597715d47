using SweepCluster.Compression.Palettization.Scales;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Palettes of single values whose entries a rule gives, and those of k-means where channels have scales or tables have 8 bits.</summary>
/// <remarks>A weight of which some channel's scale times an entry of the user's overflows its type is refused: the device would see an infinite entry there. Entries of all other
/// tables lie between -1 and 1 where channels have scales, and codes of 8 bits that would pass the type's end with the largest scale move inwards.
/// K-means with scales is not idempotent: the largest magnitude of a channel decodes to an entry times its scale, which is then the new scale and changes all quotients. Nor are tables of 8 bits always:
/// the scale of given entries is searched for, and another one may stand for them as well.</remarks>
internal static class TableCompressor
{
    internal static PalettizedWeight Compress(PreparedWeight weight, PalettizeScheme scheme, CompressOptions options, CancellationToken cancellationToken) => scheme switch
    {
        { Mode: PaletteMode.KMeans } => KMeans(weight, scheme, options, cancellationToken),
        { Mode: PaletteMode.Uniform, Profile: SchemeProfile.CoreMlTools } => Reference(weight, scheme, options, cancellationToken),
        _ => FromRule(weight, scheme, TableRules.Of(weight, scheme), options, cancellationToken),
    };

    /// <summary>Tables from a rule, every value assigned to the nearest entry that the device sees.</summary>
    internal static PalettizedWeight FromRule(
        PreparedWeight weight, PalettizeScheme scheme, Func<GroupValues, double[]> rule, CompressOptions options, CancellationToken cancellationToken)
    {
        ChannelGroups groups = new(weight.Source, scheme.GroupSize);
        float[]? scales = scheme.PerChannelScale ? ChannelScales.Of(weight, groups) : null;
        double[][] wanted = new double[groups.Count][];
        float[][] tables = new float[groups.Count][];
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, group =>
        {
            wanted[group] = rule(new GroupValues(weight, groups, group, scales is null ? null : ChannelScales.Quotients(weight, groups, group, scales)));
            tables[group] = Round(wanted[group], weight, scheme);
            ThrowIfScaledPastType(tables[group], weight, scheme, groups, group, scales);
        });

        int bits = scheme.Bits > 0 ? scheme.Bits : PaletteWidth.Smallest(tables.Max(table => table.Length), options.Arithmetic);
        Shape shape = PaletteLayout.TableShape(weight.Source, groups.Count, bits, 1);
        TableCodes? codes = scheme.TableType is { } type ? TableCodes.Fit(wanted, null, type, weight.Source.Type, ChannelScales.Largest(scales)) : null;
        tables = codes?.Tables ?? tables;
        byte[] indices = new byte[weight.Source.Shape.ElementCount];
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, group => new ScalarGroup(weight, groups, group, scales).Encode(tables[group], indices));
        return PaletteLayout.Pack(weight.Source, indices, codes?.ToTable(shape) ?? PaletteLayout.Table(weight.Source.Type, shape, tables), scales);
    }

    private static PalettizedWeight KMeans(PreparedWeight weight, PalettizeScheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        ElementType type = weight.Source.Type;
        ChannelGroups groups = new(weight.Source, scheme.GroupSize);
        float[]? scales = scheme.PerChannelScale ? ChannelScales.Of(weight, groups) : null;
        ScalarGroup[] data = [.. Enumerable.Range(0, groups.Count).Select(group => new ScalarGroup(weight, groups, group, scales))];
        float[][] tables = new float[groups.Count][];
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, group =>
        {
            float[] start = ScaledStart.Find(weight, groups, group, scales, 1 << scheme.Bits, cancellationToken);
            tables[group] = scheme.TableType is null ? PaletteRefiner.Refine(data[group], start, type, cancellationToken).Entries : start;
        });

        Shape shape = PaletteLayout.TableShape(weight.Source, groups.Count, scheme.Bits, 1);
        TableCodes? codes = scheme.TableType is { } tableType ? PaletteRefiner.Refine(data, tables, tableType, type, ChannelScales.Largest(scales), options.Threads, cancellationToken) : null;
        tables = codes?.Tables ?? tables;
        byte[] indices = new byte[weight.Source.Shape.ElementCount];
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, group => data[group].Encode(tables[group], indices));
        return PaletteLayout.Pack(weight.Source, indices, codes?.ToTable(shape) ?? PaletteLayout.Table(type, shape, tables), scales);
    }

    private static PalettizedWeight Reference(PreparedWeight weight, PalettizeScheme scheme, CompressOptions options, CancellationToken cancellationToken)
    {
        ChannelGroups groups = new(weight.Source, scheme.GroupSize);
        float[][] tables = new float[groups.Count][];
        byte[] indices = new byte[weight.Source.Shape.ElementCount];
        new ParallelLoop(options.Threads, cancellationToken).Run(groups.Count, group =>
        {
            GroupValues values = new(weight, groups, group, null);
            ReferenceUniform uniform = ReferenceUniform.Fit(weight.Source.Type, values.Range, scheme.Bits) ?? throw new SchemeNotApplicableException(
                weight.Source.Name, scheme.Canonical, $"the range from {values.Range.Min} to {values.Range.Max} overflows {weight.Source.Type.Name()}");
            tables[group] = Array.ConvertAll(uniform.Entries(), entry => StoredValue.Cast(weight.Source.Type, entry));
            ReadOnlySpan<float> singles = values.Singles.Span;
            byte[] codes = new byte[singles.Length];
            uniform.Encode(singles, codes);
            groups.Scatter<byte>(codes, group * groups.GroupSize, groups.GroupSize, indices);
        });
        return PaletteLayout.Pack(weight.Source, indices, PaletteLayout.Table(weight.Source.Type, PaletteLayout.TableShape(weight.Source, groups.Count, scheme.Bits, 1), tables), null);
    }

    private static float[] Round(double[] entries, PreparedWeight weight, PalettizeScheme scheme)
    {
        float[] stored = Array.ConvertAll(entries, entry => StoredValue.Round(weight.Source.Type, entry));
        int overflow = Array.FindIndex(stored, entry => !float.IsFinite(entry));
        return overflow < 0
            ? stored
            : throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, PaletteApplicability.Overflow(entries[overflow], weight.Source.Type));
    }

    // Numbers that a user gave may be anything: with scales they count in units of each channel's largest magnitude.
    private static void ThrowIfScaledPastType(float[] table, PreparedWeight weight, PalettizeScheme scheme, ChannelGroups groups, int group, float[]? scales)
    {
        ElementType type = weight.Source.Type;
        float outermost = table.MaxBy(Math.Abs);
        for (int channel = group * groups.GroupSize; scales is not null && channel < (group + 1) * groups.GroupSize; channel++)
        {
            if (!float.IsFinite(StoredValue.Scaled(type, outermost, scales[channel])))
            {
                throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, PaletteApplicability.Overflow(outermost, scales[channel], channel, type));
            }
        }
    }
}
