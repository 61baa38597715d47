using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>Operations on two values of other extents.</summary>
public sealed class BroadcastOperationTests
{
    private const int Channels = 4, Height = 2, Width = 2; // as many channels as pixels: a mistaken axis is no error of extents

    private static readonly float[] s_values = [3, -1, 4, 1, -5, 9, 2, -6, 5, 3, -5, 8, 9, -7, 9, 3];

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Sub_ChannelsAndAPicture_MeetInEveryElement(bool channelsFirst, bool isRankTwo)
    {
        GraphBuilder graph = new GraphBuilder(1, Channels, Height, Width)
            .Add("reduce_sum", "c", new(1, Channels, 1, 1), ("x", Value("x")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
            .Add("reduce_max", "p", isRankTwo ? new(Height, Width) : new(1, 1, Height, Width), ("x", Value("x")), ("axes", isRankTwo ? Integers(0, 1) : Integers(1)), ("keep_dims", Flag(!isRankTwo)))
            .Add("sub", "y", new(1, Channels, Height, Width), ("x", Value(channelsFirst ? "c" : "p")), ("y", Value(channelsFirst ? "p" : "c")));

        float[] actual = graph.Run(s_values);

        Assert.Equal(
            [.. s_values.Select((_, i) =>
            {
                float sum = s_values.Chunk(Height * Width).ElementAt(i / (Height * Width)).Sum();
                float largest = s_values.Where((_, other) => other % (Height * Width) == i % (Height * Width)).Max();
                return channelsFirst ? sum - largest : largest - sum;
            })],
            actual);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sub_ChannelsAndColumns_MeetInEveryElement(bool channelsFirst)
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 3)
            .Add("reduce_sum", "c", new(1, 2, 1, 1), ("x", Value("x")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
            .Add("reduce_sum", "w", new(1, 1, 1, 3), ("x", Value("x")), ("axes", Integers(1, 2)), ("keep_dims", Flag(true)))
            .Add("sub", "y", new(1, 2, 1, 3), ("x", Value(channelsFirst ? "c" : "w")), ("y", Value(channelsFirst ? "w" : "c")));

        float[] actual = graph.Run(1, 2, 3, 10, 20, 30);

        float[] expected = [6 - 11, 6 - 22, 6 - 33, 60 - 11, 60 - 22, 60 - 33];
        Assert.Equal(channelsFirst ? expected : [.. expected.Select(value => -value)], actual);
    }

    [Fact]
    public void Mul_PlanarPictureAndChannelsFromElsewhere_Agrees()
    {
        // The network's input is planar, the sums stand in blocks of channels.
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 2)
            .Add("reduce_sum", "c", new(1, 2, 1, 1), ("x", Value("x")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
            .Add("mul", "y", new(1, 2, 1, 2), ("x", Value("x")), ("y", Value("c")));

        Assert.Equal([3, 6, 21, 28], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Add_ConstantOfSeveralRowsBesideOne_GivesARowForEach()
    {
        GraphBuilder graph = new(1, 2);
        graph.Add("add", "y", new(2, 2), ("x", Value("x")), ("y", graph.Weight("c", new(2, 2), 10, 20, 30, 40)));

        Assert.Equal([11, 22, 31, 42], graph.Run(1, 2));
    }
}
