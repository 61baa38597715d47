using System.Runtime.Intrinsics;
using SweepCluster.Compression.Palettization.Vectors;
using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Compression.Tests.Palettization.Vectors;

public class VectorLloydTests
{
    public static TheoryData<int, int, int, bool> Cases => new()
    {
        { 1, 2, 2, false }, { 15, 2, 2, false }, { 16, 2, 4, false }, { 17, 4, 4, false }, { 1000, 2, 16, false }, { 3001, 4, 64, false }, { 20_000, 2, 16, false }, { 5000, 3, 256, false }, { 3001, 2, 16, true },
        { 1000, 4, 4, true }, { 40_000, 2, 64, false },
    };

    // The definition: every point against every centre, coordinates in order, the first of equals.
    [Theory, MemberData(nameof(Cases))]
    public void Nearest_EveryBlock_MatchesTheScalarDefinition(int count, int length, int centreCount, bool isWeighted)
    {
        VectorPoints points = Points(count, length, isWeighted);
        float[] centres = VectorSeeds.Choose(points, centreCount, 3);
        for (int block = 0; block < points.Blocks; block++)
        {
            Vector512<int> nearest = BlockDistances.Nearest(points, block, centres, out Vector512<float> first, out Vector512<float> second);
            for (int lane = 0; lane < points.LanesOf(block); lane++)
            {
                float[] distances = [.. Enumerable.Range(0, centreCount).Select(code => Distance(points, (block * 16) + lane, centres, code))];
                Assert.Equal(Array.IndexOf(distances, distances.Min()), nearest[lane]);
                Assert.Equal(distances.Order().Take(2), new[] { first[lane], second[lane] });
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_SkippingAndThreads_ChangeNoBit(int count, int length, int centreCount, bool isWeighted)
    {
        VectorPoints points = Points(count, length, isWeighted);
        points = points.Take(MortonOrder.Of(points));
        float[] start = VectorSeeds.Choose(points, centreCount, 5);
        VectorLloyd expected = VectorLloyd.Run(points, [.. start], 1, CancellationToken.None, maySkip: false);

        VectorLloyd skipping = VectorLloyd.Run(points, [.. start], 1, CancellationToken.None), threaded = VectorLloyd.Run(points, [.. start], 7, CancellationToken.None);

        Assert.Equal(expected.Passes, skipping.Passes);
        Assert.Equal(expected.Centres, skipping.Centres);
        Assert.Equal(expected.Centres, threaded.Centres);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_Converged_EveryCentreIsTheMeanOfItsPoints(int count, int length, int centreCount, bool isWeighted)
    {
        VectorPoints points = Points(count, length, isWeighted);
        float[] centres = VectorLloyd.Run(points, VectorSeeds.Choose(points, centreCount, 5), 1, CancellationToken.None).Centres;
        double[] sums = new double[centres.Length], weights = new double[centres.Length];
        for (int point = 0; point < count; point++)
        {
            float[] distances = [.. Enumerable.Range(0, centreCount).Select(code => Distance(points, point, centres, code))];
            int nearest = Array.IndexOf(distances, distances.Min());
            for (int c = 0; c < length; c++)
            {
                double weight = points.Weights?[(c * points.Stride) + point] ?? 1;
                weights[(nearest * length) + c] += weight;
                sums[(nearest * length) + c] += weight * points.Values[(c * points.Stride) + point];
            }
        }

        for (int i = 0; i < centres.Length; i++)
        {
            Assert.True(weights[i] == 0 || Math.Abs((sums[i] / weights[i]) - centres[i]) < 1e-6, $"coordinate {i}: {sums[i] / weights[i]} and {centres[i]}");
        }
    }

    [Fact]
    public void Run_CentreWithoutPoints_TakesTheFurthest()
    {
        VectorPoints points = new(6, 2, isWeighted: false);
        new float[] { 0, 0.1f, 0.2f, 1, 1.1f, 9 }.CopyTo(points.Values, 0);
        points.Pad();

        float[] centres = VectorLloyd.Run(points, [0.1f, 0, 1, 0, -50, -50], 1, CancellationToken.None).Centres;

        Assert.Equal([0.1f, 1.05f, 9], new[] { centres[0], centres[2], centres[4] }.Order());
    }

    [Theory, MemberData(nameof(Cases))]
    public void Improve_ConvergedCentres_NeverEndsWorse(int count, int length, int centreCount, bool isWeighted)
    {
        VectorPoints points = Points(count, length, isWeighted);
        float[] centres = VectorLloyd.Run(points, VectorSeeds.Choose(points, centreCount, 5), 1, CancellationToken.None).Centres;

        float[] improved = VectorSwaps.Improve(points, [.. centres], 9, 1, CancellationToken.None);

        Assert.InRange(BlockDistances.Error(points, improved), 0, BlockDistances.Error(points, centres));
    }

    [Theory, InlineData(2), InlineData(3), InlineData(4), InlineData(40)]
    public void Of_AnyLength_IsAPermutationThatPutsNeighboursTogether(int length)
    {
        VectorPoints points = Points(4000, length, isWeighted: false);

        int[] order = MortonOrder.Of(points);

        Assert.Equal(Enumerable.Range(0, 4000), order.Order());
        Assert.True(Spread(points.Take(order)) < (length < 10 ? 0.5 : 1) * Spread(points));

        static double Spread(VectorPoints points) => Enumerable.Range(0, points.Blocks).Sum(block => Math.Pow(points.Balls.Radius(block), 2));
    }

    private static VectorPoints Points(int count, int length, bool isWeighted)
    {
        SplitMix64 random = new((ulong)((count * 31) + length));
        VectorPoints points = new(count, length, isWeighted);
        for (int i = 0; i < points.Values.Length; i++)
        {
            points.Values[i] = (float)(random.NextUnit() + random.NextUnit() + random.NextUnit() - 1.5);
        }

        for (int i = 0; isWeighted && i < points.Weights!.Length; i++)
        {
            points.Weights[i] = (float)Math.Max(0, random.NextUnit() - 0.1);
        }

        points.Pad();
        return points;
    }

    private static float Distance(VectorPoints points, int point, float[] centres, int code)
    {
        float distance = 0;
        for (int c = 0; c < points.Length; c++)
        {
            float off = points.Values[(c * points.Stride) + point] - centres[(code * points.Length) + c];
            float squared = off * off;
            distance += points.Weights is null ? squared : squared * points.Weights[(c * points.Stride) + point];
        }

        return distance;
    }
}
