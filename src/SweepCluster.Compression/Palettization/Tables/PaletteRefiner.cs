using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Lowers the error of a palette against what the device sees: assignment to the entries as stored, then their best values rounded to the type, as long as the error falls.</summary>
internal static class PaletteRefiner
{
    // Each round lowers the error or ends the loop; from a converged start one or two are needed.
    private const int Rounds = 16;

    // What a round must take off for another to follow.
    private const double WorthARound = 1e-5;

    /// <summary>Improves entries.</summary>
    /// <returns>Entries in the weight's type whose error is at most that of the given ones, and the error.</returns>
    internal static (float[] Entries, double Error) Refine(IPaletteGroup group, float[] entries, ElementType type, CancellationToken cancellationToken)
    {
        EntrySums sums = new(entries.Length);
        double error = group.Measure(entries, sums);
        for (int round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] next = sums.Means(entries, type);
            if (next.AsSpan().SequenceEqual(entries))
            {
                break;
            }

            double nextError = group.Measure(next, sums);
            if (!(nextError < error))
            {
                break;
            }

            bool isLast = nextError > error * (1 - WorthARound);
            (entries, error) = (next, nextError);
            if (isLast)
            {
                break;
            }
        }

        return (entries, error);
    }

    /// <summary>The same for tables that share 8-bit codes with one scale.</summary>
    /// <param name="groups">The values of each table.</param>
    /// <param name="tables">Where to start.</param>
    /// <param name="codeType">int8 or uint8.</param>
    /// <param name="type">float16 or float32.</param>
    /// <param name="largestScale">As in <see cref="TableCodes.Fit"/>.</param>
    /// <param name="threads">Threads to measure groups on.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The codes of the least error that was found.</returns>
    internal static TableCodes Refine(IPaletteGroup[] groups, float[][] tables, ElementType codeType, ElementType type, float largestScale, int threads, CancellationToken cancellationToken)
    {
        EntrySums[] sums = [.. tables.Select(table => new EntrySums(table.Length))];
        Measure(groups, tables, sums, threads, cancellationToken);
        TableCodes best = TableCodes.Fit([.. tables.Select((table, group) => sums[group].Means(table))], sums, codeType, type, largestScale);
        double error = Measure(groups, best.Tables, sums, threads, cancellationToken);
        for (int round = 0; round < Rounds; round++)
        {
            TableCodes next = TableCodes.Fit([.. best.Tables.Select((table, group) => sums[group].Means(table))], sums, codeType, type, largestScale);
            double nextError = Measure(groups, next.Tables, sums, threads, cancellationToken);
            if (!(nextError < error))
            {
                break;
            }

            (best, error) = (next, nextError);
        }

        return best;
    }

    private static double Measure(IPaletteGroup[] groups, float[][] tables, EntrySums[] sums, int threads, CancellationToken cancellationToken)
    {
        double[] errors = new double[groups.Length];
        new ParallelLoop(threads, cancellationToken).Run(groups.Length, group => errors[group] = groups[group].Measure(tables[group], sums[group]));
        double error = 0;
        foreach (double part in errors)
        {
            error += part;
        }

        return error;
    }
}
