using SweepCluster.Graphs;
using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

/// <summary>Operations as ML programs write them, optional inputs left out, against their definitions in double precision.</summary>
public sealed class ProgramOperationTests
{
    [Theory]
    [InlineData(null, null, "corners")] // align_corners by default, no half pixels beside it
    [InlineData(true, null, "corners")]
    [InlineData(true, false, "corners")]
    [InlineData(false, null, "halves")]
    [InlineData(false, true, "halves")]
    [InlineData(false, false, "plain")]
    public void UpsampleBilinear_EachGrid_SamplesWhereItShould(bool? alignCorners, bool? halfPixelCenters, string grid)
    {
        const int Height = 2, Width = 3, Rows = 4, Columns = 9;
        float[] x = [1, -2, 4, 8, 3, -5];
        List<(string, Operand)> inputs = [("x", Value("x")), ("scale_factor_height", Number(2)), ("scale_factor_width", Number(3))];
        AddFlag("align_corners", alignCorners);
        AddFlag("half_pixel_centers", halfPixelCenters);

        float[] actual = new GraphBuilder(1, 1, Height, Width).Add("upsample_bilinear", "y", new(1, 1, Rows, Columns), [.. inputs]).Run(x);

        Near([.. from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, Columns) select Sample(Place(row, Height, Rows), Place(column, Width, Columns))], actual);

        void AddFlag(string name, bool? value)
        {
            if (value is bool given)
            {
                inputs.Add((name, Flag(given)));
            }
        }

        double Place(int i, int from, int to) => grid switch
        {
            "corners" => i * (from - 1d) / (to - 1),
            "halves" => Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1),
            _ => Math.Min(i * (double)from / to, from - 1),
        };

        double Sample(double row, double column)
        {
            int top = (int)row, left = (int)column, bottom = Math.Min(top + 1, Height - 1), right = Math.Min(left + 1, Width - 1);
            double upper = x[(top * Width) + left] + ((column - left) * (x[(top * Width) + right] - x[(top * Width) + left]));
            double lower = x[(bottom * Width) + left] + ((column - left) * (x[(bottom * Width) + right] - x[(bottom * Width) + left]));
            return upper + ((row - top) * (lower - upper));
        }
    }

    [Fact]
    public void ResizeNearestNeighbor_TargetSize_TakesTheElementBefore()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 2, 3).Add(
            "resize_nearest_neighbor", "y", new(1, 1, 3, 5), ("x", Value("x")), ("target_size_height", Integers(3)), ("target_size_width", Integers(5)));

        Assert.Equal([1, 1, 2, 2, 3, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6], graph.Run(1, 2, 3, 4, 5, 6)); // floor(i * from / to)
    }

    [Fact]
    public void PixelUnshuffle_OfAShuffledPicture_GivesItBack()
    {
        float[] x = [.. Enumerable.Range(1, 16).Select(i => (float)i)];
        GraphBuilder graph = new GraphBuilder(1, 1, 4, 4).Add("pixel_unshuffle", "u", new(1, 4, 2, 2), ("x", Value("x")), ("downscale_factor", Integers(2)));

        Assert.Equal([1, 3, 9, 11, 2, 4, 10, 12, 5, 7, 13, 15, 6, 8, 14, 16], graph.Run(x));
        Assert.Equal(x, graph.Add("pixel_shuffle", "y", new(1, 1, 4, 4), ("x", Value("u")), ("upscale_factor", Integers(2))).Run(x));
    }

    [Fact]
    public void SliceBySize_OpenSizeAndNegativeBegin_CountFromTheEnd()
    {
        GraphBuilder graph = new GraphBuilder(1, 2, 2, 3).Add(
            "slice_by_size", "y", new(1, 1, 2, 2), ("x", Value("x")), ("begin", Integers(0, -1, 0, 1)), ("size", Integers(1, 1, -1, 2)));

        Assert.Equal([8, 9, 11, 12], graph.Run(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    }

    [Fact]
    public void Activations_EachValue_IsTheFormula()
    {
        float[] x = [-7, -1.5f, -0.25f, 0, 0.5f, 3, 6, 8.5f, 40];

        Assert.Equal([.. x.Select(value => Math.Clamp(value, 0, 6))], Run("relu6"));
        Assert.Equal([.. x.Select(value => value * value)], Run("square"));
        Near([.. x.Select(value => value / (1 + Math.Exp(-value)))], Run("silu"), 5e-6);

        float[] Run(string type) => new GraphBuilder(1, 9).Add(type, "y", new(1, 9), ("x", Value("x"))).Run(x);
    }

    [Fact]
    public void Softmax_WithoutAxis_GoesOverTheLast()
    {
        float[] x = [1, 2, 3, -1, 0, 4], actual = new GraphBuilder(1, 2, 3).Add("softmax", "y", new(1, 2, 3), ("x", Value("x"))).Run(x);

        Near([.. x.Select((value, i) => Math.Exp(value) / x.Chunk(3).ElementAt(i / 3).Sum(other => Math.Exp(other)))], actual);
    }

    [Fact]
    public void Reductions_WithoutAxes_TakeEverythingAndKeepNoAxis()
    {
        GraphBuilder all = new GraphBuilder(1, 2, 2)
            .Add("reduce_sum", "s", Shape.Scalar, ("x", Value("x")))
            .Add("mul", "y", new(1, 2, 2), ("x", Value("x")), ("y", Value("s")));
        GraphBuilder place = new GraphBuilder(1, 2, 3).Add("reduce_argmax", "y", new(1, 2), ("x", Value("x")), ("output_dtype", Text("int32")));

        Assert.Equal([10, 20, 30, 40], all.Run(1, 2, 3, 4));
        Assert.Equal([2, 0], place.Run(1, 2, 3, 6, 5, 4));
    }

    [Theory]
    [InlineData(null)] // valid
    [InlineData("valid")]
    public void ConvTranspose_WithoutPadType_CutsNothingOff(string? padType)
    {
        GraphBuilder graph = new(1, 1, 1, 3);
        List<(string, Operand)> inputs = [("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 1, 3), 1, 10, 100)), ("strides", Integers(1, 2)), ("pad", Integers(1, 1, 1, 1))];
        if (padType is not null)
        {
            inputs.Add(("pad_type", Text(padType)));
        }

        Assert.Equal([1, 10, 102, 20, 203, 30, 300], graph.Add("conv_transpose", "y", new(1, 1, 1, 7), [.. inputs]).Run(1, 2, 3));
    }

    // The first part is read by nobody, and must not be written over what the second is made of.
    [Fact]
    public void Split_SizesOrTheirNumber_TakesThemInOrder()
    {
        Operand[] given = [Integers(1, 2), Integers(2)];
        foreach ((string input, int channels, float[] expected) in new[] { ("split_sizes", 3, new[] { 2f, 3 }), ("num_splits", 4, [3, 4]) })
        {
            Graph graph = Split(input, given[input == "split_sizes" ? 0 : 1], channels);
            Network network = Network.Compile(graph, Weights.Dense, "b");
            float[] output = new float[2];

            network.Run([.. Enumerable.Range(1, channels).Select(i => (float)i)], 1, output, network.CreateWorkspace(1));

            Assert.Equal(expected, output);
        }

        Assert.Throws<BadInputException>(() => Network.Compile(Split("num_splits", Integers(-1), 4), Weights.Dense, "b"));

        static Graph Split(string input, Operand value, int channels) => new GraphBuilder(1, channels)
            .Add("split", "a", new(1, channels == 3 ? 1 : 2), ("x", Value("x")), ("axis", Integers(1)), (input, value))
            .AddOutput("b", new(1, 2)).Build("b");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    public void LocalResponseNorm_AnySize_ReachesOneFurtherForward(int size)
    {
        // Source: ONNX LRN, opset 13: from c - floor((size - 1) / 2) to c + ceil((size - 1) / 2).
        const int Channels = 6;
        float[] x = [1, -2, 3, 4, -5, 0.5f];
        GraphBuilder graph = new GraphBuilder(1, Channels, 1, 1).Add(
            "local_response_norm", "y", new(1, Channels, 1, 1), ("x", Value("x")), ("size", Integers(size)), ("alpha", Number(0.5f)), ("beta", Number(0.6f)), ("k", Number(2)));

        float[] actual = graph.Run(x);

        Near(
            [.. x.Select((value, c) =>
            {
                int first = Math.Max(0, c - (int)Math.Floor((size - 1) / 2d)), last = Math.Min(Channels - 1, c + (int)Math.Ceiling((size - 1) / 2d));
                return value / Math.Pow(2 + (0.5 / size * x[first..(last + 1)].Sum(other => (double)other * other)), 0.6f);
            })],
            actual);
    }

    private static void Near(double[] expected, float[] actual, double bound = 1e-6)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
    }
}
