using SweepCluster.Graphs.Schemes;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>The entries of one group's table under each mode but k-means, before they are rounded to the weight's type.</summary>
internal static class TableRules
{
    private const int MostEntries = 256;

    /// <summary>The rule of a scheme.</summary>
    /// <exception cref="SchemeNotApplicableException">From the rule: <see cref="PaletteMode.Unique"/> found more than 256 distinct values.</exception>
    internal static Func<GroupValues, double[]> Of(PreparedWeight weight, PalettizeScheme scheme) => scheme switch
    {
        { Mode: PaletteMode.Unique } => values => Unique(values, weight, scheme),
        { Mode: PaletteMode.Uniform, PerChannelScale: false, TableType: null } => values => Array.ConvertAll(UniformTable.Find(values, scheme.Bits), entry => (double)entry),
        { Mode: PaletteMode.Uniform } => values => Uniform(values.Range, 1 << scheme.Bits),
        { Table.Text: "nf4" } => values => Scaled([.. PublishedTables.NormalFloat4], values.Range),
        { Table.Text: "fp4" } => values => Scaled([.. PublishedTables.Float4], values.Range),
        { Table.Text: "powers_of_two" } => values => Scaled(PublishedTables.PowersOfTwo(1 << scheme.Bits, -values.Range.Min > values.Range.Max), values.Range),
        { Table.Text: "quantiles" } => values => Quantiles(values.Distinct, 1 << scheme.Bits),
        { Table: { } table } => _ => [.. table.Values.Select(value => (double)value)],
        _ => throw new ArgumentException($"The scheme {scheme.Canonical} names no table.", nameof(scheme)),
    };

    // Both ends come out exactly.
    internal static double[] Uniform(ValueRange range, int size)
    {
        double[] entries = new double[size];
        for (int i = 0; i < size; i++)
        {
            entries[i] = (((double)range.Min * (size - 1 - i)) + ((double)range.Max * i)) / (size - 1);
        }

        return entries;
    }

    // Part e holds the elements from e n / size on; its middle is the element at (2e + 1) n / (2 size), rounded down.
    internal static double[] Quantiles(DistinctValues distinct, int size)
    {
        long elements = 0;
        foreach (int count in distinct.Counts.Span)
        {
            elements += count;
        }

        double[] entries = new double[size];
        long before = 0;
        int at = 0;
        for (int entry = 0; entry < size; entry++)
        {
            long middle = ((2L * entry) + 1) * elements / (2L * size);
            while (before + distinct.Counts.Span[at] <= middle)
            {
                before += distinct.Counts.Span[at++];
            }

            entries[entry] = distinct.Values.Span[at];
        }

        return entries;
    }

    private static double[] Unique(GroupValues values, PreparedWeight weight, PalettizeScheme scheme)
    {
        DistinctValues distinct = values.Distinct;
        return distinct.Values.Length <= MostEntries
            ? Array.ConvertAll(distinct.Values.ToArray(), value => (double)value)
            : throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, scheme.GroupSize == 0
                ? $"{distinct.Values.Length} distinct values, more than {MostEntries}"
                : $"{distinct.Values.Length} distinct values in group {values.Group}, more than {MostEntries}");
    }

    private static double[] Scaled(double[] relative, ValueRange range) => Array.ConvertAll(relative, entry => entry * range.Magnitude);
}
