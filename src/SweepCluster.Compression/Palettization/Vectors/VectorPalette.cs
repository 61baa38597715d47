using SweepCluster.Compression.Palettization.Tables;
using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Finds the entries of a palette of vectors.</summary>
/// <remarks>
/// Several starts, each converged, and the best of them improved by swaps; the best by the error against what the device sees is kept. Where there are many points all this happens on a sample of them, and the
/// best of the sample then converges on all points. Fewer distinct vectors than entries: the vectors themselves, nothing is lost.
/// </remarks>
internal static class VectorPalette
{
    private const int Starts = 4;
    private const ulong Seed = 0x53574545504B4D31; // any fixed number: a change would change every vector palette

    // More than twice so many points, and so many for each centre, are sampled.
    private const int SampleFrom = 16384;
    private const int SamplePerCentre = 128;

    internal static float[] Find(VectorGroup group, int size, ElementType type, int threads, CancellationToken cancellationToken)
    {
        if (group.Distinct(size) is { } distinct)
        {
            return PaletteRefiner.Refine(group, distinct, type, cancellationToken).Entries; // scales round again
        }

        VectorPoints points = group.Search(out double unit);
        int sampleCount = Math.Max(SampleFrom, size * SamplePerCentre);
        if (points.Count > 2 * sampleCount)
        {
            float[] centres = FromStarts(points.Sample(sampleCount, Seed), size, threads, cancellationToken)[^1];
            centres = VectorLloyd.Run(points, centres, threads, cancellationToken).Centres;
            return PaletteRefiner.Refine(group, Stored(centres, unit, type), type, cancellationToken).Entries;
        }

        return FromStarts(points, size, threads, cancellationToken)
            .Select(centres => PaletteRefiner.Refine(group, Stored(centres, unit, type), type, cancellationToken))
            .MinBy(refined => refined.Error).Entries; // the first among equals
    }

    // The starts, and last the best of them after swaps.
    private static float[][] FromStarts(VectorPoints points, int size, int threads, CancellationToken cancellationToken)
    {
        float[][] starts = new float[Starts + 1][];
        new ParallelLoop(threads, cancellationToken).Run(Starts, start =>
            starts[start] = VectorLloyd.Run(points, VectorSeeds.Choose(points, size, Seed + (ulong)start), 1, cancellationToken).Centres);
        float[] best = starts[..Starts].MinBy(centres => BlockDistances.Error(points, centres))!;
        starts[Starts] = VectorSwaps.Improve(points, best, Seed + Starts, threads, cancellationToken);
        return starts;
    }

    private static float[] Stored(float[] centres, double unit, ElementType type) => Array.ConvertAll(centres, centre => StoredValue.Round(type, centre * unit));
}
