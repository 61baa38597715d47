using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Comparison;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Tests.Comparison;

public class ModelComparerTests
{
    [Fact]
    public void Compare_WithItself_FindsNothing()
    {
        Graph graph = Chain(("conv", "a", 1), ("relu", "b", 0), ("conv", "c", 2));

        ModelComparison comparison = ModelComparer.Compare(graph, Chain(("conv", "a", 1), ("relu", "b", 0), ("conv", "c", 2)), CancellationToken.None);

        Assert.Equal((0, 0, 3), (comparison.Settings.Length, comparison.Operations.Length, comparison.Same));
        Assert.Equal(["a_weight", "c_weight"], comparison.Weights.Select(weight => weight.Left.Name));
        Assert.All(comparison.Weights, weight => Assert.True(weight.Difference.IsExact));
    }

    // What stands behind an inserted operation is not different for that.
    [Fact]
    public void Compare_OneInserted_IsOneAddedAndOneRewired()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 1), ("relu", "b", 0), ("conv", "c", 2), ("relu", "d", 0)), Chain(("conv", "a", 1), ("tanh", "t", 0), ("relu", "b", 0), ("conv", "c", 2), ("relu", "d", 0)));

        Assert.Equal(["+tanh t", "b x 'a' -> 't'"], comparison.Operations.Select(Text));
        Assert.Equal(3, comparison.Same);
        Assert.All(comparison.Operations, operation => Assert.True(operation.IsOther));
    }

    [Fact]
    public void Compare_OtherNamesThroughout_AlignsByTypeAndFollowsTheNames()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 1), ("relu", "b", 0), ("conv", "c", 2)), Chain(("conv", "k", 1), ("relu", "l", 0), ("pool", "p", 0), ("conv", "m", 2)));

        Assert.Equal(["a name 'a' -> 'k'", "b name 'b' -> 'l'", "+pool p", "c name 'c' -> 'm'|x 'b' -> 'p'"], comparison.Operations.Select(Text));
        Assert.Equal([false, false, true, true], comparison.Operations.Select(operation => operation.IsOther));
        Assert.Equal([WeightMatch.Reader, WeightMatch.Reader], comparison.Weights.Select(weight => weight.MatchedBy));
        Assert.All(comparison.Weights, weight => Assert.True(weight.Difference.IsExact));
    }

    [Fact]
    public void Compare_RemovedAndReordered_KeepsTheLongestCommonOrder()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 1), ("relu", "b", 0), ("tanh", "c", 0)), Chain(("tanh", "c", 0), ("conv", "a", 1)));

        Assert.Contains("-relu b", comparison.Operations.Select(Text));
        Assert.Equal(2, comparison.Operations.Count(operation => operation.Left is null || operation.Right is null) - 1);
    }

    [Fact]
    public void Compare_CompressedWeight_IsTheSameProgramWithAnError()
    {
        Graph plain = Chain(("conv", "a", 1)), stored = Chain(weight => new DenseWeight(ElementType.Float32, TensorData.FromFloat16(weight.Shape, weight.ToFloat32())), "_palettized", ("conv", "a", 1));

        ModelComparison comparison = Compare(plain, stored);

        Assert.Empty(comparison.Operations);
        WeightComparison weight = Assert.Single(comparison.Weights);
        Assert.Equal(WeightMatch.Name, weight.MatchedBy);
        Assert.InRange(weight.Difference.Sqnr, 60, 90); // float16's 11 bits
    }

    [Fact]
    public void Compare_OtherTypes_AreToldOfOutputsAndInterface()
    {
        ModelComparison comparison = Compare(Chain(("relu", "a", 0)), Chain(ElementType.Float16, ("relu", "a", 0)));

        Assert.Equal(["a output float32 [4] -> float16 [4]"], comparison.Operations.Select(Text));
        Assert.All(comparison.Operations, operation => Assert.False(operation.IsOther));
        Assert.Equal([new SettingDifference("input x", "float32 [4]", "float16 [4]"), new SettingDifference("output a", "float32 [4]", "float16 [4]")], comparison.Settings.AsEnumerable());
    }

    [Fact]
    public void Compare_WeightOfOneAlone_IsListed()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 1), ("conv", "b", 2)), Chain(("conv", "a", 1)));

        Assert.Equal("b_weight", Assert.Single(comparison.OnlyLeft).Name);
        Assert.Empty(comparison.OnlyRight);
    }

    [Fact]
    public void Compare_OtherNameAndReaderButTheSameValues_IsFoundByContent()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 3)), Chain(("linear", "z", 3)));

        Assert.Equal((WeightMatch.Content, "z_weight"), (Assert.Single(comparison.Weights).MatchedBy, comparison.Weights[0].Right.Name));
    }

    // Nothing tells them apart but that both have two of the shape.
    [Fact]
    public void Compare_OtherNamesReadersAndValues_GoesByPosition()
    {
        ModelComparison comparison = Compare(Chain(("conv", "a", 3), ("conv", "b", 4)), Chain(("linear", "y", 5), ("linear", "z", 6)));

        Assert.Equal(["a_weight y_weight", "b_weight z_weight"], comparison.Weights.Select(weight => $"{weight.Left.Name} {weight.Right.Name}"));
        Assert.All(comparison.Weights, weight => Assert.Equal(WeightMatch.Position, weight.MatchedBy));
    }

    [Fact]
    public void Compare_ThousandsOfOperations_TakesAnInsertionInTheMiddleForOne()
    {
        (string, string, int)[] nodes = [.. Enumerable.Range(0, 5000).Select(i => (i % 2 == 0 ? "relu" : "tanh", $"n{i}", 0))];

        ModelComparison comparison = Compare(Chain(nodes), Chain([.. nodes[..2500], ("exp", "new", 0), .. nodes[2500..]]));

        Assert.Equal(["+exp new", "n2500 x 'n2499' -> 'new'"], comparison.Operations.Select(Text));
    }

    [Theory]
    [InlineData("w_palettized_pcs", "w")]
    [InlineData("w_to_fp16_quantized", "w")]
    [InlineData("_cast", "_cast")]
    [InlineData("broadcast", "broadcast")]
    public void PlainName_OfAName_HasNoSuffixes(string name, string plain) => Assert.Equal(plain, PlainNames.Of(name));

    private static ModelComparison Compare(Graph left, Graph right) => ModelComparer.Compare(left, right, CancellationToken.None);

    private static string Text(OperationDifference difference) => difference.Left is null ? $"+{difference.OpType} {difference.Right}"
        : difference.Right is null ? $"-{difference.OpType} {difference.Left}"
        : $"{difference.Left} {string.Join('|', difference.Changes)}";

    private static Graph Chain(params (string Type, string Name, int Seed)[] nodes) => Chain(ElementType.Float32, nodes);

    private static Graph Chain(ElementType type, params (string Type, string Name, int Seed)[] nodes) => Chain(type, values => new DenseWeight(ElementType.Float32, values), "", nodes);

    private static Graph Chain(Func<TensorData, CompressedWeight> store, string suffix, params (string Type, string Name, int Seed)[] nodes) => Chain(ElementType.Float32, store, suffix, nodes);

    // Each operation reads the one before it, and a weight of its own where it has a seed.
    private static Graph Chain(ElementType type, Func<TensorData, CompressedWeight> store, string suffix, (string Type, string Name, int Seed)[] nodes)
    {
        ImmutableArray<Node>.Builder made = ImmutableArray.CreateBuilder<Node>();
        ImmutableArray<Weight>.Builder weights = ImmutableArray.CreateBuilder<Weight>();
        string before = "x";
        foreach ((string opType, string name, int seed) in nodes)
        {
            var inputs = ImmutableSortedDictionary.Create<string, ImmutableArray<Operand>>(StringComparer.Ordinal).Add("x", [new Operand.Value(before)]);
            if (seed > 0)
            {
                Random random = new(seed);
                Weight weight = new(
                    $"{name}_weight{suffix}", store(TensorData.FromFloat32(new Shape(16, 4), [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())])), [new WeightUse(name, opType, "weight")], 0, 1);
                weights.Add(weight);
                inputs = inputs.Add("weight", [new Operand.Parameter(weight)]);
            }

            made.Add(new Node(opType, inputs, [new ValueInfo(name, type, new Shape(4))], $"operation {made.Count}"));
            before = name;
        }

        return new Graph
        {
            Source = "model",
            Inputs = [new GraphInput(new ValueInfo("x", type, new Shape(4)), null)],
            Outputs = [before],
            Nodes = made.ToImmutable(),
            Weights = weights.ToImmutable(),
            FormatDescription = "a model",
        };
    }
}
