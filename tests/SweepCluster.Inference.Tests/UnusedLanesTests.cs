using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>Lanes that only fill up a block never reach a result, whatever stood in them.</summary>
public sealed class UnusedLanesTests
{
    [Fact]
    public void Run_AfterARunThatOverflowed_GivesWhatANewWorkspaceGives()
    {
        GraphBuilder graph = new(1, 3);
        graph.Add("reshape", "r", new(1, 3, 1, 1), ("x", Value("x")))
            .Add("conv", "a", new(1, 16, 1, 1), ("x", Value("r")), ("weight", graph.Weight("k", new(16, 3, 1, 1), [.. Enumerable.Repeat(1e38f, 48)])))
            .Add("conv", "b", new(1, 16, 1, 1), ("x", Value("a")), ("weight", graph.Weight("k2", new(16, 16, 1, 1), new float[256])))
            .Add("conv", "c", new(1, 16, 1, 1), ("x", Value("b")), ("weight", graph.Weight("k3", new(16, 16, 1, 1), new float[256])))
            .Add("conv", "d", new(1, 1, 1, 1), ("x", Value("c")), ("weight", graph.Weight("k4", new(1, 16, 1, 1), new float[16])));
        Network network = Network.Compile(graph.Build("d"), Weights.Dense, "d");
        Workspace workspace = network.CreateWorkspace(1);
        float[] output = new float[1];

        network.Run([1e10f, 1e10f, 1e10f], 1, output, workspace);
        network.Run([0f, 0f, 0f], 1, output, workspace);

        Assert.Equal([0f], output);
    }

    [Fact]
    public void Conv_OfWhatWasPaddedWithInfinity_ReadsTheChannelsAlone()
    {
        GraphBuilder graph = new(1, 3, 2, 2);
        graph.Add(
                "pad", "p", new(1, 3, 4, 4), ("x", Value("x")), ("pad", Integers(0, 0, 0, 0, 1, 1, 1, 1)),
                ("mode", Text("constant")), ("constant_val", Number(float.NegativeInfinity)))
            .Add("max_pool", "m", new(1, 3, 2, 2), ("x", Value("p")), ("kernel_sizes", Integers(3, 3)))
            .Add("conv", "y", new(1, 1, 2, 2), ("x", Value("m")), ("weight", graph.Weight("k", new(1, 3, 1, 1), 1, 1, 1)));

        Assert.Equal([12f, 12, 12, 12], graph.Run(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Conv_OfAnInfinityThatReluCutsOff_IsFinite(int groups)
    {
        // The first convolution gives -infinity, the second adds it to what else there is, the relu makes 0 of it.
        GraphBuilder graph = new(1, 3, 1, 1);
        graph.Add("relu", "q", new(1, 3, 1, 1), ("x", Value("x")))
            .Add(
                "conv", "a", new(1, 3, 1, 1), ("x", Value("q")), ("groups", Integers(groups)),
                ("weight", graph.Weight("k", new(3, 3 / groups, 1, 1), groups == 1 ? [-1e38f, 0, 0, 0, 1, 0, 0, 0, 1] : [-1e38f, 1, 1])))
            .Add("conv", "b", new(1, 3, 1, 1), ("x", Value("a")), ("weight", graph.Weight("k2", new(3, 3, 1, 1), 1, 1, 1, 1, 1, 1, 1, 1, 1)))
            .Add("relu", "r", new(1, 3, 1, 1), ("x", Value("b")))
            .Add("conv", "y", new(1, 1, 1, 1), ("x", Value("r")), ("weight", graph.Weight("k3", new(1, 3, 1, 1), 1, 1, 1)));

        Assert.Equal([0f], graph.Run(1e10f, 1, 1));
    }

    [Fact]
    public void RealDiv_ByAComputedValueOfAnyChannels_Divides()
    {
        GraphBuilder graph = new(1, 3, 1, 1);
        graph.Add("conv", "a", new(1, 3, 1, 1), ("x", Value("x")), ("weight", graph.Weight("k", new(3, 3, 1, 1), 1, 0, 0, 0, 1, 0, 0, 0, 1)))
            .Add("real_div", "d", new(1, 3, 1, 1), ("x", Number(1)), ("y", Value("a")))
            .Add("real_div", "e", new(1, 3, 1, 1), ("x", Value("d")), ("y", Value("a")))
            .Add("conv", "y", new(1, 1, 1, 1), ("x", Value("e")), ("weight", graph.Weight("k2", new(1, 3, 1, 1), 1, 1, 1)));

        Assert.Equal([1.3125f], graph.Run(1, 2, 4));
    }
}
