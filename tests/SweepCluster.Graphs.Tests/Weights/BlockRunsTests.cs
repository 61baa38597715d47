using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests.Weights;

public class BlockRunsTests
{
    [Fact]
    public void GetEnumerator_BlocksOnTwoAxes_WalksRowMajor()
    {
        BlockRuns runs = new(new Shape(4, 6, 2), [2, 3, 1]);
        List<(int, int)> walked = [];
        foreach ((int Start, int Block) run in runs)
        {
            walked.Add(run);
        }

        Assert.Equal((6, 4, 48), (runs.BlockCount, runs.RunLength, runs.ElementCount));
        Assert.Equal([(0, 0), (4, 1), (8, 2), (12, 0), (16, 1), (20, 2), (24, 3), (28, 4), (32, 5), (36, 3), (40, 4), (44, 5)], walked);
    }

    [Theory, InlineData(2, 3, 1), InlineData(1, 1, 1), InlineData(4, 6, 2), InlineData(1, 2, 2), InlineData(2, 1, 1)]
    public void BlockOf_EveryRun_IsTheBlockOfTheWalk(params int[] blocks)
    {
        BlockRuns runs = new(new Shape(4, 6, 2), blocks);
        int run = 0;
        foreach ((int start, int block) in runs)
        {
            Assert.Equal(block, runs.BlockOf(run));
            Assert.Equal(start, run++ * runs.RunLength);
        }
    }

    [Theory]
    [InlineData("[2] blocks do not divide a tensor [4, 6].", 2)]
    [InlineData("[2, 0] blocks do not divide a tensor [4, 6].", 2, 0)]
    [InlineData("[3, 1] blocks do not divide a tensor [4, 6].", 3, 1)]
    public void New_BlocksThatDoNotDivide_SaysWhich(string message, params int[] blocks) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new BlockRuns(new Shape(4, 6), blocks)).Message, StringComparison.Ordinal);
}
