using System.Globalization;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Tests.Telemetry;

public sealed class FrontierPointsTests
{
    public static TheoryData<string, double> WorkedByHand => new()
    {
        { "", 0 },
        { "50:0.8", 0.5 },                              // half of the width, all of the height
        { "50:0.4", 0.25 },
        { "25:0.4 50:0.6", (75 * 0.4 + 50 * 0.2) / 80 },
        { "50:0.6 25:0.4", (75 * 0.4 + 50 * 0.2) / 80 }, // order does not matter
        { "25:0.4 50:0.3", 75 * 0.4 / 80 },         // dominated: no area of its own
        { "25:0.4 25:0.2", 75 * 0.4 / 80 },         // of equal sizes the better
        { "10:0.9", 0.9 },                              // better than the baseline counts as equal
        { "100:0.8 120:0.8", 0 },                   // no smaller than the baseline
        { "50:-0.1 60:NaN", 0 },
        { "0:0.8", 1 },
    };

    [Theory, MemberData(nameof(WorkedByHand))]
    public void Hypervolume_PointsWorkedByHand_IsTheAreaTheyDominate(string text, double share)
    {
        (long SizeBytes, double Score)[] points = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Point)];

        double? found = FrontierPoints.Hypervolume(points, baselineBytes: 100, baselineScore: 0.8);

        Assert.NotNull(found);
        Assert.Equal(share, found.Value, 12);
    }

    [Fact]
    public void Hypervolume_ManyPoints_IsWhatCountingTheCellsOfAGridGives()
    {
        Random random = new(7);
        for (int round = 0; round < 50; round++)
        {
            (long SizeBytes, double Score)[] points = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => ((long)random.Next(0, 25), random.Next(0, 25) / 20.0))];
            int cells = (from x in Enumerable.Range(0, 20) from y in Enumerable.Range(0, 20) where points.Any(point => point.SizeBytes <= x && point.Score * 20 >= y + 1 - 1e-9) select 1).Count();

            Assert.Equal(cells / 400.0, FrontierPoints.Hypervolume(points, 20, 1)!.Value, 9);
        }
    }

    [Theory]
    [InlineData(0, 0.8)]
    [InlineData(100, 0)]
    [InlineData(100, -1)]
    [InlineData(100, double.NaN)]
    public void Hypervolume_NoRectangle_IsNone(long baselineBytes, double baselineScore) =>
        Assert.Null(FrontierPoints.Hypervolume([(50, 0.5)], baselineBytes, baselineScore));

    [Fact]
    public void Spread_FewPoints_AreAllKept() => Assert.Equal([1L, 5, 9], FrontierPoints.Spread([1L, 5, 9], static size => size, 3));

    [Fact]
    public void Spread_ManyPoints_AreEvenOverTheSizes() =>
        Assert.Equal([0L, 25, 50, 75, 100], FrontierPoints.Spread([.. Enumerable.Range(0, 101).Select(static size => (long)size)], static size => size, 5));

    [Fact]
    public void Spread_PointsInTwoHeaps_KeepsBothEndsAndNoneTwice()
    {
        long[] sizes = [.. Enumerable.Range(0, 50).Select(static size => (long)size), .. Enumerable.Range(0, 50).Select(static size => 10_000L + size)];

        long[] chosen = FrontierPoints.Spread(sizes, static size => size, 8);

        Assert.Equal(0, chosen[0]);
        Assert.Equal(10_049, chosen[^1]);
        Assert.Equal(chosen.Distinct(), chosen);
        Assert.True(chosen.Length <= 8);
    }

    // "25:0.4" is 25 bytes with a score of 0.4.
    private static (long SizeBytes, double Score) Point(string text) =>
        text.Split(':') is [string size, string score] ? (long.Parse(size, CultureInfo.InvariantCulture), double.Parse(score, CultureInfo.InvariantCulture)) : throw new FormatException(text);
}
