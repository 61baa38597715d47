using SweepCluster.Numerics.Convolution;

namespace SweepCluster.Numerics.Tests.Convolution;

public sealed class TilePlanTests
{
    [Fact]
    public void Cut_AnySize_CoversEveryPixelAndFewTwice()
    {
        for (int height = 1; height <= 9; height++)
        {
            for (int width = 1; width <= 60; width++)
            {
                foreach (int longest in new[] { 1, 3, 7 })
                {
                    int[,] times = new int[height, width];
                    foreach (TileSpan tile in TilePlan.Cut(height, width, longest))
                    {
                        Assert.InRange(tile.CountA, 1, longest);
                        Assert.InRange(tile.CountB, Math.Max(1, tile.CountA - 1), tile.CountA);
                        Count(times, tile.RowA, tile.ColumnA, tile.CountA);
                        Count(times, tile.RowB, tile.ColumnB, tile.CountB);
                    }

                    Assert.DoesNotContain(0, times.Cast<int>());
                    Assert.InRange(times.Cast<int>().Sum() - (height * width), 0, 2 * longest);
                }
            }
        }
    }

    [Fact]
    public void Cut_ThirteenColumns_PairsSevenWithSixInEachRow() =>
        Assert.Equal([new TileSpan(0, 0, 7, 0, 7, 6), new TileSpan(1, 0, 7, 1, 7, 6)], TilePlan.Cut(2, 13, 7).AsEnumerable());

    private static void Count(int[,] times, int row, int column, int count)
    {
        for (int i = 0; i < count; i++)
        {
            times[row, column + i]++;
        }
    }
}
