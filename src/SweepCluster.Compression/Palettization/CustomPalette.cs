using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization;

/// <summary>Palettes whose tables the caller's own code makes: what the reference calls <c>lut_function</c>.</summary>
public static class CustomPalette
{
    private const int MostEntries = 256;

    /// <summary>Palettizes a weight with a table for the tensor, or one for each group of output channels.</summary>
    /// <param name="weight">The weight, float16 or float32, rank 2 or more.</param>
    /// <param name="table">Makes the table of one group from its values (float32, row-major): 1 to 256 finite entries in any order. Called once for each group, from several threads where
    /// <paramref name="options"/> allows them.</param>
    /// <param name="groupSize">Output channels that share a table; 0 for one table.</param>
    /// <param name="options">Target and threads.</param>
    /// <param name="cancellationToken">Stops the work between groups.</param>
    /// <returns>Indices of the fewest bits that hold the largest group's table (never 3 before iOS 18), entries rounded to the weight's type in the order given, the rest of the table 0 and never used.
    /// Every value goes to the nearest entry, between two to the lower.</returns>
    /// <exception cref="SchemeNotApplicableException">The weight's type, shape or values cannot be palettized.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="groupSize"/> is negative, or <see cref="CompressOptions.Threads"/> below 1.</exception>
    /// <exception cref="BadInputException">A table has no entry, more than 256, or one that is not finite in the weight's type.</exception>
    /// <remarks>Differs from the reference on purpose: there the function also returns the indices; here they follow from the table.</remarks>
    public static PalettizedWeight Compress(
        PreparedWeight weight, Func<ReadOnlyMemory<float>, float[]> table, int groupSize, CompressOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfNegative(groupSize);
        options.ThrowIfNoThreads();
        PalettizeScheme scheme = new(0, groupSize) { Mode = PaletteMode.Custom, Table = new PaletteTableRule("code") };
        string? reason = Applicability.RefusesMatrix(weight.Source) ?? PaletteApplicability.RefusesShape(weight.Source, scheme) ?? weight.NonFinite;
        return reason is null
            ? TableCompressor.FromRule(weight, scheme, values => Checked(weight.Source, values.Group, table(values.Singles)), options, cancellationToken)
            : throw new SchemeNotApplicableException(weight.Source.Name, scheme.Canonical, reason);
    }

    private static double[] Checked(Weight weight, int group, float[] entries)
    {
        if (entries is not { Length: >= 1 and <= MostEntries })
        {
            throw new BadInputException($"weight '{weight.Name}', table of group {group}: found {entries?.Length ?? 0} entries, expected 1 to {MostEntries}.");
        }

        foreach (float entry in entries)
        {
            if (!float.IsFinite(StoredValue.Round(weight.Type, entry)))
            {
                throw new BadInputException($"weight '{weight.Name}', table of group {group}: found {entry}, expected numbers that are finite in {weight.Type.Name()}.");
            }
        }

        return Array.ConvertAll(entries, entry => (double)entry);
    }
}
