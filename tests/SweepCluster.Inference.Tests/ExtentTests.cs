using SweepCluster.Graphs;
using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>Numbers of a model that no memory can follow are refused, with the place, before anything is computed with them.</summary>
public sealed class ExtentTests
{
    private const int Huge = 1 << 28;

    [Fact]
    public void Compile_PaddingBeyondMemory_RefusesEvenWhereTheOutputIsSmall()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4)
            .Add("pad", "p", new(1, 3, 4, 4 + Huge), ("x", Value("x")), ("pad", Integers(0, 0, 0, 0, 0, 0, 0, Huge)))
            .Add("max_pool", "q", new(1, 3, 4, 4 + Huge), ("x", Value("p")), ("kernel_sizes", Integers(1, 1)))
            .Add("max_pool", "y", new(1, 3, 4, 2), ("x", Value("q")), ("kernel_sizes", Integers(1, 1)), ("strides", Integers(1, Huge)));

        Refused(graph, "y", "function main, operation 0: pad 'p' gives 3 channels of 4 x 268435460");
    }

    [Fact]
    public void Compile_SumOfPaddingsBeyondInt_Refuses()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4)
            .Add("pad", "y", new(1, 3, 4, 4), ("x", Value("x")), ("pad", Integers(0, 0, 0, 0, 0, 0, int.MaxValue, int.MaxValue)));

        Refused(graph, "y", "function main, operation 0: pad 'y' has numbers that are too large together");
    }

    [Fact]
    public void Compile_DilationBeyondInt_SaysHowFarTheWindowReaches()
    {
        GraphBuilder graph = new(1, 3, 4, 4);
        graph.Add("conv", "y", new(1, 1, 6, 4), ("x", Value("x")), ("weight", graph.Weight("k", new(1, 3, 3, 1), new float[9])), ("dilations", Integers(int.MaxValue, 1)));

        Refused(graph, "y", "function main, operation 0: conv 'y' has a window that reaches over 4294967295 elements of 4 with padding 0 and 0");
    }

    [Theory]
    [InlineData("same", 0)]
    [InlineData("custom", int.MaxValue)]
    public void Compile_ConvPaddingBeyondMemory_Refuses(string type, int pad)
    {
        GraphBuilder graph = new(1, 3, 4, 4);
        graph.Add(
            "conv", "y", new(1, 1, 4, 4), ("x", Value("x")), ("weight", graph.Weight("k", new(1, 3, 3, 1), new float[9])),
            ("pad_type", Text(type)), ("pad", Integers(pad, pad, 0, 0)), ("dilations", Integers(int.MaxValue / 2, 1)));

        Refused(graph, "y", "conv 'y'");
    }

    [Fact]
    public void Compile_MarginBeyondMemory_SaysWhichValue()
    {
        // Every number fits by itself; the value with zeros around it does not.
        GraphBuilder graph = new(1, 16, 4, 4);
        graph.Add("relu", "r", new(1, 16, 4, 4), ("x", Value("x")))
            .Add(
                "conv", "y", new(1, 1, 2, 2), ("x", Value("r")), ("weight", graph.Weight("k", new(1, 16, 1, 1), new float[16])),
                ("pad_type", Text("custom")), ("pad", Integers(0, 40000, 0, 40000)), ("strides", Integers(40003, 40003)));

        Refused(graph, "y", "value 'r' of 16 channels of 4 x 4 needs a margin");
    }

    [Fact]
    public void Compile_InputBeyondMemory_Refuses()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 60000, 60000).Add("relu", "y", new(1, 3, 60000, 60000), ("x", Value("x")));

        Refused(graph, "y", "input 'x' gives 3 channels of 60000 x 60000");
    }

    [Fact]
    public void Compile_ValuesTogetherBeyondMemory_Refuses()
    {
        // Each value is just below the limit.
        GraphBuilder graph = new GraphBuilder(1, 1, 30000, 50000)
            .Add("relu", "r", new(1, 1, 30000, 50000), ("x", Value("x")))
            .Add("add", "y", new(1, 1, 30000, 50000), ("x", Value("r")), ("y", Value("x")));

        Refused(graph, "y", "made.mlpackage: the values of one sample take 4500000000 floats");
    }

    [Fact]
    public void WorkspaceBytes_LargeSample_TakesTurnsThatMemoryCanHold()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 20000, 40000).Add("relu", "y", new(1, 1, 20000, 40000), ("x", Value("x")));

        Assert.Equal(2L * 800_000_000 * sizeof(float), Network.Compile(graph.Build("y"), Weights.Dense).WorkspaceBytes(16));
    }

    [Fact]
    public void Compile_ReshapeBeyondLong_Refuses()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add("reshape", "y", new(1, int.MaxValue, int.MaxValue, int.MaxValue), ("x", Value("x")));

        Refused(graph, "y", "reshape 'y' has numbers that are too large together");
    }

    [Fact]
    public void Compile_WeightThatFillsUpBeyondMemory_Refuses()
    {
        // 9 million values, each of which stands for one of 16 x 16 channels.
        GraphBuilder graph = new(1, 1, 3000, 3000);
        graph.Add("relu", "r", new(1, 1, 3000, 3000), ("x", Value("x")))
            .Add("concat", "c", new(1, 1, 3000, 3000), ("values", Value("r")), ("axis", Integers(1)))
            .Add("conv", "y", new(1, 1, 1, 1), ("x", Value("c")), ("weight", graph.Weight("k", new(1, 1, 3000, 3000), new float[9_000_000])));

        Refused(graph, "y", "conv 'y' has a weight [1, 1, 3000, 3000] that takes 2304000000 floats");
    }

    [Fact]
    public void AvgPool_WindowOfMoreElementsThanAnInt_DividesByItsSize()
    {
        // 'same' over 2 x 2 puts zeros around; what divides is 50,000 x 50,000.
        GraphBuilder graph = new GraphBuilder(1, 1, 2, 2).Add(
            "avg_pool", "y", new(1, 1, 2, 2), ("x", Value("x")), ("kernel_sizes", Integers(50000, 50000)), ("pad_type", Text("same")));

        Assert.Equal([4e-9f, 4e-9f, 4e-9f, 4e-9f], graph.Run(1, 2, 3, 4));
    }

    private static void Refused(GraphBuilder graph, string output, string expected)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build(output), Weights.Dense, output));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
