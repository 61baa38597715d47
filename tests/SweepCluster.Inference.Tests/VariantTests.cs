using SweepCluster.Graphs.Weights;

namespace SweepCluster.Inference.Tests;

/// <summary>Networks that differ in some weights, and going on from before a weight.</summary>
public sealed class VariantTests
{
    private const int Samples = 2;

    [Fact]
    public void WithWeights_SomeReplaced_EqualsCompilingWithThem()
    {
        TestModel model = TestModel.ResNet20();
        HashSet<string> changed = [.. model.Graph.Weights.Where((_, i) => i % 3 == 0).Select(weight => weight.Name)];
        Network whole = Network.Compile(model.Graph, weight => changed.Contains(weight.Name) ? Weights.Rounded(weight) : Weights.Dense(weight));
        Network variant = model.Compile().WithWeights(
            model.Graph.Weights.Where(weight => changed.Contains(weight.Name)).ToDictionary(weight => weight.Name, Weights.Rounded));

        Assert.Equal(model.Run(whole, Samples, Samples), model.Run(variant, Samples, Samples));
        Assert.NotEqual(model.Run(model.Compile(), Samples, Samples), model.Run(variant, Samples, Samples));
    }

    [Fact]
    public void RunFrom_EveryWeight_EqualsAWholeRun()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        Workspace workspace = network.CreateWorkspace(1); // fewer than the samples, so that turns show
        foreach (Weight weight in model.Graph.Weights)
        {
            Network variant = network.WithWeights(new Dictionary<string, ReadOnlyMemory<float>> { [weight.Name] = Weights.Rounded(weight) });
            Checkpoint checkpoint = network.RunUpTo(weight.Name, model.Input, Samples, workspace);
            float[] first = new float[Samples * network.OutputSize], again = new float[first.Length];

            variant.RunFrom(checkpoint, first, workspace);
            network.RunFrom(checkpoint, again, workspace);
            variant.RunFrom(checkpoint, again, workspace);

            Assert.Equal(model.Run(variant, Samples, Samples), first);
            Assert.Equal(first, again);
            Assert.Equal(checkpoint.SizeBytes, network.CheckpointBytes(weight.Name, Samples));
        }
    }

    [Fact]
    public void RunFrom_VariantThatDiffersBefore_Refuses()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();
        Weight first = model.Graph.Weights.First(weight => weight.Shape.Rank == 4 && weight.Shape[0] > 1), last = model.Graph.Weights.Last();
        Network variant = network.WithWeights(new Dictionary<string, ReadOnlyMemory<float>> { [first.Name] = Weights.Rounded(first) });
        Checkpoint checkpoint = network.RunUpTo(last.Name, model.Input, 1, network.CreateWorkspace(1));

        ArgumentException error = Assert.Throws<ArgumentException>(() => variant.RunFrom(checkpoint, new float[10], variant.CreateWorkspace(1)));

        Assert.Contains($"'{last.Name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithWeights_WeightsPackedTogether_KeepsWhatAnEarlierVariantReplaced()
    {
        // A normalization's scale and shift are each made from several weights.
        GraphBuilder graph = new(1, 1, 1, 1);
        graph.Add(
            "batch_norm", "y", new(1, 1, 1, 1), ("x", GraphBuilder.Value("x")), ("mean", graph.Weight("m", new(1), 1)), ("variance", graph.Weight("v", new(1), 4)),
            ("gamma", graph.Weight("g", new(1), 2)), ("beta", graph.Weight("b", new(1), 5)), ("epsilon", GraphBuilder.Number(0)));
        Network network = Network.Compile(graph.Build("y"), Weights.Dense);

        Network variant = network.WithWeights(new Dictionary<string, ReadOnlyMemory<float>> { ["g"] = new[] { 4f } })
            .WithWeights(new Dictionary<string, ReadOnlyMemory<float>> { ["m"] = new[] { 2f } });

        float[] output = new float[1];
        variant.Run([3f], 1, output, variant.CreateWorkspace(1));
        Assert.Equal([7f], output); // (3 - 2) / 2 * 4 + 5
    }

    [Fact]
    public void MultiplyAdds_ResNet20_CountsWhatStandsAfterAWeight()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();

        // The 3 x 3 convolutions of the three stages, the two 1 x 1 shortcuts, the classifier.
        Assert.Equal(
            (9L * ((3 * 16 * 1024) + (6 * 16 * 16 * 1024) + (16 * 32 * 256) + (5 * 32 * 32 * 256) + (32 * 64 * 64) + (5 * 64 * 64 * 64))) + (16 * 32 * 256) + (32 * 64 * 64) + 640,
            network.MultiplyAdds());
        Assert.Equal(640, network.MultiplyAdds(model.Graph.Weights.Last(weight => weight.Shape.Rank == 2).Name));
    }

    [Fact]
    public void WithWeights_UnknownName_Refuses() => Assert.Throws<ArgumentException>(
        () => TestModel.ResNet20().Compile().WithWeights(new Dictionary<string, ReadOnlyMemory<float>> { ["no such weight"] = new float[1] }));

    [Fact]
    public void RunUpTo_WeightThatIsNotRead_Refuses()
    {
        TestModel model = TestModel.ResNet20();
        Network network = model.Compile();

        Assert.Throws<ArgumentException>(() => network.RunUpTo("no such weight", model.Input, 1, network.CreateWorkspace(1)));
    }
}
