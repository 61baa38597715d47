using SweepCluster.Graphs;
using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

public sealed class RefusalTests
{
    [Fact]
    public void Compile_SeveralUnsupportedOperations_ListsEachWithItsPlace()
    {
        GraphBuilder graph = new GraphBuilder(1, 4, 2, 2)
            .Add("gru", "a", new(1, 4, 2, 2), ("x", Value("x")))
            .Add("relu", "b", new(1, 4, 2, 2), ("x", Value("a")))
            .Add("lstm", "c", new(1, 4), ("x", Value("b")))
            .Add("unused_thing", "d", new(1, 4), ("x", Value("b")));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("c"), Weights.Dense));

        Assert.Equal(
            """
            made.mlpackage: function main, operation 0: gru 'a' is not supported by the evaluator.
            made.mlpackage: function main, operation 2: lstm 'c' is not supported by the evaluator.
            """.ReplaceLineEndings("\n"),
            error.Message);
    }

    [Fact]
    public void Compile_WeightThatDoesNotFit_SaysBothShapes()
    {
        GraphBuilder graph = new(1, 3, 4, 4);
        graph.Add("conv", "y", new(1, 8, 4, 4), ("x", Value("x")), ("weight", graph.Weight("w", new(8, 4, 1, 1), new float[32])));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense));

        Assert.Equal("made.mlpackage: function main, operation 0: conv 'y' has a weight [8, 4, 1, 1] in 1 groups, which does not fit an input [1, 3, 4, 4].", error.Message);
    }

    [Fact]
    public void Compile_DeclaredShapeDiffers_SaysBoth()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add("max_pool", "y", new(1, 3, 3, 3), ("x", Value("x")), ("kernel_sizes", Integers(2, 2)), ("strides", Integers(2, 2)));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense));

        Assert.Equal("made.mlpackage: function main, operation 0: max_pool 'y' gives the shape [1, 3, 2, 2], but the program declares [1, 3, 3, 3].", error.Message);
    }

    [Theory]
    [InlineData("softmax", "axis", 4, "softmax 'y' has the axis 4 of a value of 4 axes")]
    [InlineData("reduce_mean", "axes", -5, "reduce_mean 'y' has the axis -5 of a value of 4 axes")]
    [InlineData("max_pool", "ceil_mode", 0, "max_pool 'y' has no input 'kernel_sizes'")]
    [InlineData("conv", "strides", 2, "conv 'y' has no input 'weight'")]
    public void Compile_UnsupportedAttribute_SaysWhich(string type, string input, int value, string expected)
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add(type, "y", new(1, 3, 4, 4), ("x", Value("x")), (input, Integers(value)));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense, "y"));

        Assert.Equal($"made.mlpackage: function main, operation 0: {expected}.", error.Message);
    }

    [Fact]
    public void Compile_InputThatNothingReads_SaysWhich()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add("relu", "a", new(1, 3, 4, 4), ("x", Value("x")), ("slope", Number(2)));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("a"), Weights.Dense, "a"));

        Assert.Equal("made.mlpackage: function main, operation 0: relu 'a' has the input 'slope', which the evaluator does not know.", error.Message);
    }

    [Fact]
    public void Compile_InputsWithoutEffect_AreTaken()
    {
        GraphBuilder graph = new(1, 1, 2, 2);
        graph.Add("conv", "c", new(1, 1, 2, 2), ("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 1, 1), 2)), ("pad_type", Text("valid")), ("pad", Integers(1, 1, 1, 1)))
            .Add("reshape", "r", new(1, 4), ("x", Value("c")), ("shape", Integers(1, 4)))
            .Add("gather", "g", new(1, 2), ("x", Value("r")), ("axis", Integers(1)), ("indices", Integers(3, 0)), ("validate_indices", Flag(true)))
            .Add("expand_dims", "e", new(1, 2, 1), ("x", Value("g")), ("axes", Integers(-1)));

        Assert.Equal([8, 2], graph.Run(1, 2, 3, 4));
    }

    [Fact]
    public void Compile_UpsampleBilinearOnBothGrids_SaysSo()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 2, 2).Add(
            "upsample_bilinear", "y", new(1, 1, 4, 4), ("x", Value("x")), ("scale_factor_height", Number(2)), ("scale_factor_width", Number(2)), ("half_pixel_centers", Flag(true)));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense, "y"));

        Assert.Contains("upsample_bilinear 'y' has both 'align_corners' and 'half_pixel_centers'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ConcatWithoutAxis_SaysSo()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add("concat", "y", new(1, 6, 4, 4), ("values", Value("x")), ("values", Value("x")));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense, "y"));

        Assert.Equal("made.mlpackage: function main, operation 0: concat 'y' has no input 'axis'.", error.Message);
    }

    [Fact]
    public void Compile_NoSuchOutput_SaysSo()
    {
        GraphBuilder graph = new GraphBuilder(1, 3, 4, 4).Add("relu", "y", new(1, 3, 4, 4), ("x", Value("x")));

        BadInputException error = Assert.Throws<BadInputException>(() => Network.Compile(graph.Build("y"), Weights.Dense, "z"));

        Assert.Contains("found no value 'z'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_WrongNumberOfValues_Refuses()
    {
        GraphBuilder graph = new(1, 1, 1, 1);
        graph.Add("conv", "y", new(1, 1, 1, 1), ("x", Value("x")), ("weight", graph.Weight("w", new(1, 1, 1, 1), 2)));

        ArgumentException error = Assert.Throws<ArgumentException>(() => Network.Compile(graph.Build("y"), _ => new float[2]));

        Assert.StartsWith("Weight 'w' [1, 1, 1, 1]: 2 values given, expected 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WorkspaceOfAnotherNetwork_Refuses()
    {
        GraphBuilder graph = new GraphBuilder(1, 1, 1, 1).Add("relu", "y", new(1, 1, 1, 1), ("x", Value("x")));
        Network one = Network.Compile(graph.Build("y"), Weights.Dense), other = Network.Compile(graph.Build("y"), Weights.Dense);

        Assert.Throws<ArgumentException>(() => one.Run([1f], 1, new float[1], other.CreateWorkspace(1)));
        Assert.Throws<ArgumentException>(() => one.Run([1f], 2, new float[2], one.CreateWorkspace(2)));
        Assert.Throws<ArgumentException>(() => one.Run([1f, 2f], 2, new float[1], one.CreateWorkspace(2)));
    }
}
