using SweepCluster.Graphs;
using static SweepCluster.Inference.Tests.GraphBuilder;

namespace SweepCluster.Inference.Tests;

public sealed class ClassifierScoresTests
{
    [Fact]
    public void Find_ClassifierWithSoftmax_GivesWhatTheSoftmaxReads()
    {
        Graph graph = new GraphBuilder(1, 4)
            .Add("relu", "scores", new(1, 4), ("x", Value("x")))
            .Add("softmax", "p", new(1, 4), ("x", Value("scores")), ("axis", Integers(1)))
            .Add("cast", "p32", new(1, 4), ("x", Value("p")), ("dtype", Text("fp32")))
            .Add("classify", "label", Shape.Scalar, ("probabilities", Value("p32")))
            .Build("label");

        Assert.Equal("scores", ClassifierScores.Find(graph));
    }

    [Fact]
    public void Find_EndsInCastWithoutSoftmax_GivesTheOutput()
    {
        Graph graph = new GraphBuilder(1, 4)
            .Add("relu", "scores", new(1, 4), ("x", Value("x")))
            .Add("cast", "out", new(1, 4), ("x", Value("scores")), ("dtype", Text("fp32")))
            .Build("out");

        Assert.Equal("out", ClassifierScores.Find(graph));
    }

    [Fact]
    public void Find_OutputThatNothingComputes_Refuses() =>
        Assert.Throws<BadInputException>(() => ClassifierScores.Find(new GraphBuilder(1, 4).Build("nothing")));
}
