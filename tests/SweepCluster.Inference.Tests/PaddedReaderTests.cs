using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>A convolution that pads reads what operations on plain vectors read or write, too. Its kernel has a 1 in the middle, so that it sums channels.</summary>
public sealed class PaddedReaderTests
{
    [Fact]
    public void Conv_OfALinear_ReadsEveryChannel()
    {
        GraphBuilder graph = new(1, 20);
        graph.Add("linear", "l", new(1, 20), ("x", Value("x")), ("weight", graph.Weight("w", new(20, 20), Identity(20))))
            .Add("reshape", "r", new(1, 20, 1, 1), ("x", Value("l")), ("shape", Integers(1, 20, 1, 1)));

        Assert.Equal([210f, 420f], SumOfChannels(graph, "r", 20).Run([.. OneTo(20), .. OneTo(20).Select(value => 2 * value)]));
    }

    [Fact]
    public void Conv_OfAMapAsOneColumn_ReadsEveryChannel()
    {
        GraphBuilder graph = new GraphBuilder(1, 16, 2, 2).Add("reshape", "r", new(1, 64, 1, 1), ("x", Value("x")), ("shape", Integers(1, 64, 1, 1)));

        Assert.Equal([2080f], SumOfChannels(graph, "r", 64).Run(OneTo(64)));
    }

    [Fact]
    public void Conv_OfASoftmax_ReadsEveryChannel()
    {
        GraphBuilder graph = new GraphBuilder(1, 20, 1, 1).Add("softmax", "s", new(1, 20, 1, 1), ("x", Value("x")), ("axis", Integers(1)));

        Assert.Equal(1f, Assert.Single(SumOfChannels(graph, "s", 20).Run(new float[20])), 1e-6f);
    }

    [Fact]
    public void Softmax_OfWhatAConvReadsToo_ReadsEveryChannel()
    {
        GraphBuilder graph = new GraphBuilder(1, 20, 1, 1)
            .Add("relu", "r", new(1, 20, 1, 1), ("x", Value("x")))
            .Add("softmax", "s", new(1, 20, 1, 1), ("x", Value("r")), ("axis", Integers(1)));
        SumOfChannels(graph, "r", 20).Add("add", "z", new(1, 1, 1, 1), ("x", Value("y")), ("y", Value("y")));
        graph.Add("concat", "both", new(1, 21, 1, 1), ("values", Value("s")), ("values", Value("z")), ("axis", Integers(1)));

        float[] both = graph.Run([.. Enumerable.Repeat(3f, 20)]);

        Assert.All(both[..20], share => Assert.Equal(0.05f, share, 1e-7f));
        Assert.Equal(120f, both[20]);
    }

    [Fact]
    public void Linear_OfWhatTwoConvsReadToo_ReadsEveryChannel()
    {
        GraphBuilder graph = new(1, 20, 2, 2);
        float[] ones = [.. Enumerable.Repeat(1f, 20)];
        graph.Add("reduce_mean", "m", new(1, 20, 1, 1), ("x", Value("x")), ("axes", Integers(2, 3)), ("keep_dims", Flag(true)))
            .Add("conv", "c", new(1, 1, 5, 5), ("x", Value("m")), ("weight", graph.Weight("v", new(1, 20, 1, 1), ones)), ("pad_type", Text("custom")), ("pad", Integers(2, 2, 2, 2)))
            .Add("reduce_mean", "cm", new(1, 1), ("x", Value("c")), ("axes", Integers(2, 3)));
        SumOfChannels(graph, "m", 20)
            .Add("reshape", "yy", new(1, 1), ("x", Value("y")), ("shape", Integers(1, 1)))
            .Add("reshape", "f", new(1, 20), ("x", Value("m")), ("shape", Integers(1, 20)))
            .Add("linear", "l", new(1, 1), ("x", Value("f")), ("weight", graph.Weight("w", new(1, 20), ones)))
            .Add("concat", "z", new(1, 3), ("values", Value("l")), ("values", Value("yy")), ("values", Value("cm")), ("axis", Integers(1)));

        Assert.Equal([20f, 20f, 0.8f], graph.Run([.. Enumerable.Repeat(1f, 80)]));
    }

    private static float[] OneTo(int last) => [.. Enumerable.Range(1, last).Select(value => (float)value)];

    private static float[] Identity(int size)
    {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            values[i * (size + 1)] = 1f;
        }

        return values;
    }

    private static GraphBuilder SumOfChannels(GraphBuilder graph, string value, int channels)
    {
        float[] kernel = new float[channels * 9];
        for (int channel = 0; channel < channels; channel++)
        {
            kernel[(channel * 9) + 4] = 1f;
        }

        return graph.Add(
            "conv", "y", new(1, 1, 1, 1), ("x", Value(value)), ("weight", graph.Weight("k", new(1, channels, 3, 3), kernel)), ("pad_type", Text("same")));
    }
}
