using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>First centres: each next one is a point drawn with a probability proportional to its squared distance from those already chosen, the best of a few draws.</summary>
/// <remarks>Greedy k-means++. Source: Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, 2007, section 5.</remarks>
internal sealed class VectorSeeds
{
    private readonly VectorPoints _points;
    private readonly Vector512<float>[] _distances;
    private readonly double[] _potentials;
    private readonly float[] _candidate;

    private VectorSeeds(VectorPoints points)
    {
        _points = points;
        _distances = new Vector512<float>[points.Blocks];
        _distances.AsSpan().Fill(Vector512.Create(float.PositiveInfinity));
        _potentials = new double[points.Blocks];
        _candidate = new float[points.Length];
    }

    /// <summary>Chooses centres.</summary>
    /// <param name="points">Points whose squares neither overflow nor vanish.</param>
    /// <param name="count">Centres, 1 or more.</param>
    /// <param name="seed">Of the draws.</param>
    internal static float[] Choose(VectorPoints points, int count, ulong seed)
    {
        VectorSeeds seeds = new(points);
        SplitMix64 random = new(seed);
        float[] centres = new float[count * points.Length];
        int draws = 2 + (int)Math.Log(count);
        seeds.Add((int)(random.NextUnit() * points.Count), centres.AsSpan(0, points.Length));
        for (int centre = 1; centre < count; centre++)
        {
            seeds.Add(seeds.Draw(ref random, draws), centres.AsSpan(centre * points.Length, points.Length));
        }

        return centres;
    }

    /// <summary>Puts one centre where a draw finds points far from all others.</summary>
    internal static void Replace(VectorPoints points, float[] centres, int centre, ref SplitMix64 random)
    {
        VectorSeeds seeds = new(points);
        ReadOnlySpan<float> others = [.. centres.AsSpan(0, centre * points.Length), .. centres.AsSpan((centre + 1) * points.Length)];
        for (int block = 0; block < points.Blocks; block++)
        {
            BlockDistances.Nearest(points, block, others, out seeds._distances[block], out _);
            seeds._potentials[block] = Sum(seeds._distances[block], points.LanesOf(block));
        }

        points.CopyTo(seeds.Draw(ref random, 1), centres.AsSpan(centre * points.Length, points.Length));
    }

    private int Draw(ref SplitMix64 random, int draws)
    {
        double total = 0, best = double.PositiveInfinity;
        foreach (double potential in _potentials)
        {
            total += potential;
        }

        int chosen = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            int candidate = PointAt(random.NextUnit() * total);
            double potential = PotentialWith(candidate);
            if (potential < best)
            {
                (chosen, best) = (candidate, potential);
            }
        }

        return chosen;
    }

    private void Add(int point, Span<float> centre)
    {
        _points.CopyTo(point, centre);
        for (int block = 0; block < _distances.Length; block++)
        {
            _distances[block] = Vector512.MinNative(_distances[block], BlockDistances.To(_points, block, centre));
            _potentials[block] = Sum(_distances[block], _points.LanesOf(block));
        }
    }

    private double PotentialWith(int point)
    {
        _points.CopyTo(point, _candidate);
        Vector512<double> lower = default, upper = default;
        for (int block = 0; block < _distances.Length; block++)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.MinNative(_distances[block], BlockDistances.To(_points, block, _candidate)));
            lower += low;
            upper += high;
        }

        double potential = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            potential += lower[lane] + upper[lane];
        }

        return potential;
    }

    private int PointAt(double place)
    {
        int block = 0;
        while (block < _potentials.Length - 1 && place >= _potentials[block])
        {
            place -= _potentials[block++];
        }

        int lanes = _points.LanesOf(block), lane = 0;
        while (lane < lanes - 1 && place >= _distances[block][lane])
        {
            place -= _distances[block][lane++];
        }

        return (block * VectorPoints.Block) + lane;
    }

    private static double Sum(Vector512<float> distances, int lanes)
    {
        double sum = 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            sum += distances[lane];
        }

        return sum;
    }
}
