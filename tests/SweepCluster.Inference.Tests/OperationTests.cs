using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>Each operation on numbers that are easily worked by hand.</summary>
public sealed class OperationTests
{
    private static readonly float[] s_nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Theory]
    [InlineData("valid", new[] { 12f, 16, 24, 28 })]
    [InlineData("same", new[] { 12f, 16, 9, 24, 28, 15, 15, 17, 9 })]
    [InlineData("same_lower", new[] { 1f, 3, 5, 5, 12, 16, 11, 24, 28 })]
    public void Conv_PadTypes_PadWhereTheyShould(string padType, float[] expected)
    {
        int size = padType == "valid" ? 2 : 3;
        GraphBuilder graph = new(1, 1, 3, 3);
        graph.Add("conv", "y", new(1, 1, size, size), ("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 2, 2), 1, 1, 1, 1)), ("pad_type", Text(padType)));

        Assert.Equal(expected, graph.Run(s_nine));
    }

    [Fact]
    public void Conv_CustomPadWithStrideAndBias_CountsFromTheTopLeft()
    {
        GraphBuilder graph = new(1, 1, 3, 3);
        graph.Add(
            "conv", "y", new(1, 2, 2, 2),
            ("x", Value("x")), ("weight", graph.Weight("w", new(2, 1, 2, 2), 1, 1, 1, 1, 0, 0, 0, 1)), ("bias", graph.Weight("b", new(2), 10, 20)),
            ("pad_type", Text("custom")), ("pad", Integers(1, 0, 1, 0)), ("strides", Integers(2, 2)));

        Assert.Equal([11, 15, 21, 38, 21, 23, 27, 29], graph.Run(s_nine));
    }

    [Fact]
    public void Conv_SeveralSamples_AreIndependent()
    {
        GraphBuilder graph = new(1, 1, 1, 2);
        graph.Add("conv", "y", new(1, 1, 1, 2), ("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 1, 1), 2)));

        Assert.Equal([2, 4, 6, 8, 10, 12], graph.Run(1, 2, 3, 4, 5, 6));
    }

    [Fact]
    public void MaxPool_CeilMode_KeepsTheLastPartialWindow()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 3, 3).Add(
            "max_pool", "y", new(1, 1, 2, 2), ("x", Value("x")), ("kernel_sizes", Integers(2, 2)), ("strides", Integers(2, 2)), ("ceil_mode", Flag(true)));

        Assert.Equal([5, 6, 8, 9], graph.Run(s_nine));
    }

    [Theory]
    [InlineData(true, new[] { 1f, 2.5f, 5.5f, 7f })]
    [InlineData(false, new[] { 0.25f, 1.25f, 2.75f, 7f })]
    public void AvgPool_Padding_CountsAsTheAttributeSays(bool exclude, float[] expected)
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 3, 3).Add(
            "avg_pool", "y", new(1, 1, 2, 2), ("x", Value("x")), ("kernel_sizes", Integers(2, 2)), ("strides", Integers(2, 2)),
            ("pad_type", Text("custom")), ("pad", Integers(1, 0, 1, 0)), ("exclude_padding_from_average", Flag(exclude)));

        Assert.Equal(expected, graph.Run(s_nine));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReduceMean_RowsAndColumns_Averages(bool keep)
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 2).Add(
            "reduce_mean", "y", keep ? new(1, 2, 1, 1) : new(1, 2), ("x", Value("x")), ("axes", Integers(-2, -1)), ("keep_dims", Flag(keep)));

        Assert.Equal([1.5f, 3.5f], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Linear_FlattenedMap_ReadsChannelsRowsColumns()
    {
        GraphBuilder graph = new(1, 2, 1, 2);
        graph.Add("reshape", "flat", new(1, 4), ("x", Value("x")), ("shape", Integers(1, 4)))
            .Add("linear", "y", new(1, 2), ("x", Value("flat")), ("weight", graph.Weight("w", new(2, 4), 1, 10, 100, 1000, 1, 1, 1, 1)), ("bias", graph.Weight("b", new(2), 0, 5)));

        Assert.Equal([4321, 15], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Reshape_BackToAMap_KeepsTheOrder()
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 3)
            .Add("reshape", "map", new(1, 3, 2, 1), ("x", Value("x")))
            .Add("max_pool", "y", new(1, 3, 1, 1), ("x", Value("map")), ("kernel_sizes", Integers(2, 1)));

        Assert.Equal([2, 4, 6], graph.Run(1, 2, 3, 4, 5, 6));
    }

    [Fact]
    public void Pad_ChannelsRowsAndColumns_PutsTheConstantAround()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 1, 2).Add(
            "pad", "y", new(1, 2, 2, 3), ("x", Value("x")), ("pad", Integers(0, 0, 1, 0, 0, 1, 1, 0)), ("mode", Text("constant")), ("constant_val", Number(9)));

        Assert.Equal([9, 9, 9, 9, 9, 9, 9, 1, 2, 9, 9, 9], graph.Run(1, 2));
    }

    [Fact]
    public void Concat_UnevenChannels_PutsThemOneAfterTheOther()
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 1)
            .Add("relu", "r", new(1, 2, 1, 1), ("x", Value("x")))
            .Add("concat", "y", new(1, 6, 1, 1), ("values", Value("x")), ("values", Value("r")), ("values", Value("x")), ("axis", Integers(1)));

        Assert.Equal([-1, 2, 0, 2, -1, 2], graph.Run(-1, 2));
    }

    [Theory]
    [InlineData("add", new[] { 11f, 12, 23, 24 })]
    [InlineData("sub", new[] { -9f, -8, -17, -16 })]
    [InlineData("mul", new[] { 10f, 20, 60, 80 })]
    [InlineData("real_div", new[] { 0.1f, 0.2f, 0.15f, 0.2f })]
    [InlineData("maximum", new[] { 10f, 10, 20, 20 })]
    [InlineData("minimum", new[] { 1f, 2, 3, 4 })]
    public void Binary_ConstantForEachChannel_Spreads(string type, float[] expected)
    {
        GraphBuilder graph = new(1, 2, 1, 2);
        graph.Add(type, "y", new(1, 2, 1, 2), ("x", Value("x")), ("y", graph.Weight("c", new(1, 2, 1, 1), 10, 20)));

        Assert.Equal(expected, graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Binary_ConstantFirst_KeepsTheSides()
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 2).Add("sub", "y", new(1, 2, 1, 2), ("x", Number(10)), ("y", Value("x")));

        Assert.Equal([9, 8, 7, 6], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Mul_ValueOfOneRowAndColumn_ScalesChannels()
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 1, 2)
            .Add("reduce_mean", "m", new(1, 2, 1, 1), ("x", Value("x")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
            .Add("mul", "y", new(1, 2, 1, 2), ("x", Value("m")), ("y", Value("x")));

        Assert.Equal([1.5f, 3, 10.5f, 14], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void BatchNorm_KnownMoments_NormalizesAndScales()
    {
        GraphBuilder graph = new(1, 2, 1, 1);
        graph.Add(
            "batch_norm", "y", new(1, 2, 1, 1), ("x", Value("x")), ("mean", graph.Weight("m", new(2), 1, 2)), ("variance", graph.Weight("v", new(2), 4, 16)),
            ("gamma", graph.Weight("g", new(2), 2, 4)), ("beta", graph.Weight("b", new(2), 5, 6)), ("epsilon", Number(0)));

        Assert.Equal([7, 4], graph.Run(3, 0));
    }

    [Fact]
    public void Softmax_OfALinear_SumsToOne()
    {
        GraphBuilder graph = new(1, 2);
        graph.Add("linear", "l", new(1, 2), ("x", Value("x")), ("weight", graph.Weight("w", new(2, 2), 1, 0, 0, 1)))
            .Add("softmax", "y", new(1, 2), ("x", Value("l")), ("axis", Integers(-1)));

        Assert.Equal([0.26894143f, 0.7310586f], graph.Run(1, 2), (a, b) => MathF.Abs(a - b) < 1e-7f);
    }

    [Fact]
    public void Residual_ReadTwice_AddsBeforeTheRelu()
    {
        // y = relu(conv(r) + r), r = relu(conv(x)); r feeds both sides.
        GraphBuilder graph = new(1, 1, 1, 3);
        graph.Add("conv", "c", new(1, 1, 1, 3), ("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 1, 1), 1)))
            .Add("relu", "r", new(1, 1, 1, 3), ("x", Value("c")))
            .Add("conv", "d", new(1, 1, 1, 3), ("x", Value("r")), ("weight", graph.Weight("v", new(1, 1, 1, 1), -3)), ("bias", graph.Weight("b", new(1), 5)))
            .Add("add", "s", new(1, 1, 1, 3), ("x", Value("r")), ("y", Value("d")))
            .Add("relu", "y", new(1, 1, 1, 3), ("x", Value("s")));

        Assert.Equal([5, 3, 0], graph.Run(-1, 1, 4));
    }
}
