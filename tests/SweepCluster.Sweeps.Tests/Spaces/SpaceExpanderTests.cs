using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Spaces;

public class SpaceExpanderTests
{
    private const string Grid = TemporarySpecs.Head + "global_config: {weight_threshold: 10}\nschemes: [palettize: {nbits: [2, 4]}, prune: {target_sparsity: 0.5}]\n";

    private static readonly Weight s_first = TestGraph.Dense("first", [4, 4]);
    private static readonly Weight s_second = TestGraph.Dense("second", [4, 8]);
    private static readonly Weight s_head = TestGraph.Dense("head", [8, 4], "linear");

    private static SweepSpace Expand(string spec, Graph graph, Func<Weight, Scheme, string?>? refuses = null, TestFormat? format = null) =>
        SpaceExpander.Expand(SpecReading.Read(spec), graph, format ?? new TestFormat(), TestFormat.Target, refuses ?? ((_, _) => null));

    private static string FaultsOf(string spec, Graph graph, TestFormat? format = null) =>
        Assert.Throws<BadInputException>(() => Expand(spec, graph, null, format)).Message;

    private static string Describe(Plan plan) => string.Join(", ", plan.Schemes.Select(entry => $"{entry.Key}={entry.Value.Label}"));

    [Fact]
    public void Expand_NoOverrides_TriesEverySchemeOnEveryLayer()
    {
        SweepSpace space = Expand(Grid, TestGraph.Of(s_first, s_second, s_head));

        Assert.Equal(["first", "second", "head"], space.Layers.Select(layer => layer.Name));
        Assert.All(space.Layers, layer => Assert.Equal(["pal2", "pal4", "prune50"], layer.Schemes.Select(scheme => scheme.Label)));
        Assert.Equal(["pal2", "pal4", "prune50"], space.UniformPlans.Select(plan => plan.Label));
        Assert.All(space.UniformPlans, plan => Assert.Equal((PlanKind.Uniform, 3), (plan.Kind, plan.Schemes.Count)));
        Assert.Equal(9, space.CellCount);
        Assert.Empty(space.LeftAlone);
    }

    [Fact]
    public void CellCount_EqualWeights_CountOnce()
    {
        DenseWeight values = TestGraph.Values("same", new Shape(4, 4));
        Weight[] twins = [.. new[] { "a", "b" }.Select(name => new Weight(name, values, TestGraph.Uses((name + "_out", "conv")), 0, 1))];

        Assert.Equal(3, Expand(Grid, TestGraph.Of(twins)).CellCount);
    }

    [Fact]
    public void Expand_WeightsThatCannotBeCompressed_AreListedWithTheReason()
    {
        TensorData codes = TensorData.FromCodes(ElementType.UInt4, new Shape(4, 4), new int[16]);
        TensorData table = TensorData.FromFloat16(new Shape(1, 1, 16, 1), new float[16]);
        TensorData bytes = TensorData.FromCodes(ElementType.Int8, new Shape(4, 4), new int[16]);
        TensorData scales = TensorData.FromFloat16(new Shape(1, 1), [1]);
        TensorData mask = TensorData.FromCodes(ElementType.UInt1, new Shape(4, 4), new int[16]);
        Weight Stored(string name, CompressedWeight stored) => new(name, stored, TestGraph.Uses((name + "_out", "conv")), 0, 1);

        SweepSpace space = Expand(Grid + "op_type_configs: {linear: skip}\nop_name_configs: {named: ~, by_node_out: skip}\n", TestGraph.Of(
            TestGraph.Dense("bias", [100]),
            TestGraph.Dense("small", [2, 5]),
            TestGraph.Dense("shared", [4, 4], conflict: "its readers see other axes"),
            Stored("palettized", new PalettizedWeight(new Shape(4, 4), codes, table)),
            Stored("quantized", new QuantizedWeight(bytes, scales, null, DecodeArithmetic.ScaleType)),
            Stored("sparse", new SparseWeight(mask, TensorData.FromFloat16(new Shape(0), []))),
            Stored("one bit", new PalettizedWeight(new Shape(4, 4), TensorData.FromCodes(ElementType.UInt1, new Shape(4, 4), new int[16]), TensorData.FromFloat16(new Shape(1, 1, 2, 1), new float[2]))),
            Stored("sparse palette", new SparsePalettizedWeight(new Shape(4, 4), mask, TensorData.FromCodes(ElementType.UInt4, new Shape(0), []), table)),
            Stored("sparse codes", new SparseQuantizedWeight(mask, TensorData.FromCodes(ElementType.Int4, new Shape(0), []), scales, null)),
            Stored("narrow", new DenseWeight(ElementType.Float32, TensorData.FromFloat16(new Shape(4, 4), new float[16]))),
            s_head,
            TestGraph.Dense("named", [4, 4]),
            TestGraph.Dense("by_node", [4, 4]),
            s_first));

        Assert.Equal(
            [
                ("bias", "rank 1"),
                ("small", "10 elements, the threshold is 10"),
                ("shared", "its readers see other axes"),
                ("palettized", "already palettized to 4 bits"),
                ("quantized", "already quantized to int8"),
                ("sparse", "already pruned"),
                ("one bit", "already palettized to 1 bit"),
                ("sparse palette", "already pruned and palettized to 4 bits"),
                ("sparse codes", "already pruned and quantized to int4"),
                ("narrow", "already stored as float16"),
                ("head", "skipped by op_type_configs: linear"),
                ("named", "skipped by op_name_configs: named"),
                ("by_node", "skipped by op_name_configs: by_node_out"),
            ],
            space.LeftAlone.Select(entry => (entry.Weight.Name, entry.Reason)));
        Assert.Equal("first", Assert.Single(space.Layers).Name);
    }

    [Theory]
    [InlineData(true, "only function second reads it, which is not measured")]
    [InlineData(false, null)]
    public void Of_WeightThatNoMeasurementShows_IsLeftAloneWhereDataIsMeasured(bool measures, string? reason)
    {
        Weight weight = new("w", TestGraph.Values("w", new Shape(4, 4)), TestGraph.Uses(("y", "conv")), 0, 1) { Unmeasured = "only function second reads it, which is not measured" };
        SweepSpec spec = SpecReading.Read(Grid) with { Data = measures ? new DataSpec("data.npz", "images", "labels", null, null, null, null, [], []) : null };

        Assert.Equal(reason, LayerRule.Of(weight, spec).LeftAlone?.Reason);
    }

    [Fact]
    public void Expand_OverriddenLayer_TakesTheUniformSchemeOrItsOwnFirst()
    {
        SweepSpace space = Expand(
            Grid + "op_name_configs: {second: [{palettize: {nbits: 8}}, {palettize: {nbits: 4}}]}\n", TestGraph.Of(s_first, s_second));

        Assert.Equal(
            ["first=pal2, second=pal8", "first=pal4, second=pal4", "first=prune50, second=pal8"],
            space.UniformPlans.Select(Describe));
    }

    [Fact]
    public void Expand_NameOfTheWeight_GoesBeforeTheOperationsAndTypes()
    {
        SweepSpace space = Expand(
            Grid + "op_type_configs: {conv: skip}\nop_name_configs: {first_out: {palettize: {nbits: 6}}, first: {palettize: {nbits: 8}}, second_out: {palettize: {nbits: 1}}}\n",
            TestGraph.Of(s_first, s_second));

        Assert.Equal(["pal8", "pal1"], space.Layers.Select(layer => Assert.Single(layer.Schemes).Label));
    }

    [Fact]
    public void Expand_ThresholdOfAnOverride_GoesBeforeTheGlobalOne()
    {
        SweepSpace space = Expand(Grid + "op_type_configs: {linear: {weight_threshold: 32}, conv: {weight_threshold: 15}}\n", TestGraph.Of(s_first, s_head));

        Assert.Equal(["first"], space.Layers.Select(layer => layer.Name));
        Assert.Equal("32 elements, the threshold is 32", Assert.Single(space.LeftAlone).Reason);
        Assert.Equal(3, space.Layers[0].Schemes.Length);
    }

    [Fact]
    public void Expand_RefusedPairs_AreListedAndLeftOutOfPlans()
    {
        SweepSpace space = Expand(
            Grid,
            TestGraph.Of(s_first, s_second, s_head),
            (weight, scheme) => weight.Name == "second" && scheme is PalettizeScheme { Bits: 2 } ? "does not divide" : weight.Name == "head" ? "holds infinity" : null);

        Assert.Equal(
            [("second", "pal2", "does not divide"), ("head", "pal2", "holds infinity"), ("head", "pal4", "holds infinity"), ("head", "prune50", "holds infinity")],
            space.Refusals.Select(refusal => (refusal.Layer, refusal.Scheme.Label, refusal.Reason)));
        Assert.Equal(["first=pal2", "first=pal4, second=pal4", "first=prune50, second=prune50"], space.UniformPlans.Select(Describe));
        Assert.Equal(("head", "none of 3 schemes fits (pal2: holds infinity)"), (space.LeftAlone[0].Weight.Name, space.LeftAlone[0].Reason));
    }

    [Fact]
    public void Expand_PlansThatTouchNothingOrRepeat_AreDropped()
    {
        SweepSpace space = Expand(
            TemporarySpecs.Head + "global_config: {weight_threshold: 10}\nschemes: [palettize: {nbits: [2, 4, 6]}]\nop_name_configs: {first: {palettize: {nbits: 2}}}\n",
            TestGraph.Of(s_first, s_second),
            (weight, scheme) => weight.Name == "second" && scheme is PalettizeScheme { Bits: 2 or 4 } ? "no" : null);

        // pal2: only first takes it. pal4: no layer lists it. pal6: second takes it, first keeps to its own.
        Assert.Equal(["first=pal2", "first=pal2, second=pal6"], space.UniformPlans.Select(Describe));
    }

    [Fact]
    public void Expand_WithoutUniform_HasOnlyGivenPlans()
    {
        using TemporarySpecs folder = new(Grid + "search: {uniform: false}\nplans: [mine.yaml]\n");
        folder.Write("mine.yaml", "config_type: OpPalettizerConfig\nop_name_configs:\n  first: {nbits: 6, weight_threshold: 0}\n  tiny: {nbits: 4, weight_threshold: 0}\n  head: {nbits: 3, weight_threshold: 0}\n");

        SweepSpace space = SpaceExpander.Expand(
            SpecReader.Read(folder.Path, []),
            TestGraph.Of(TestGraph.Dense("tiny", [2, 2]), s_first, s_head),
            new TestFormat(),
            TestFormat.Target,
            (weight, scheme) => scheme is PalettizeScheme { Bits: 3 } ? "no 3 bits" : null);

        Plan plan = Assert.Single(space.UniformPlans);
        Assert.Equal((PlanKind.Given, "mine", "first=pal6, tiny=pal4"), (plan.Kind, plan.Label, Describe(plan)));
        Assert.Equal(["tiny", "first", "head"], space.Layers.Select(layer => layer.Name)); // tiny is below the sweep's threshold: only the plan touches it
        Assert.Empty(space.Layers[0].Schemes);
        Assert.Equal(("head", "no 3 bits"), (Assert.Single(space.Refusals).Layer, space.Refusals[0].Reason));
        Assert.Equal(8, space.CellCount); // 2 layers under 3 schemes, and the plan's two
    }

    [Fact]
    public void Expand_OneConfiguration_SaysOfEachWeightWhyItIsLeftAlone()
    {
        using TemporarySpecs folder = new("");
        string config = folder.Write("mine.yaml", "config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, weight_threshold: 16}\nop_type_configs: {linear: null}\n");

        SweepSpace space = SpaceExpander.Expand(
            OneShotSpec.ForConfig("net", config, null), TestGraph.Of(TestGraph.Dense("line", [16]), s_first, s_second, s_head), new TestFormat(), TestFormat.Target, (_, _) => null);

        Assert.Equal("second=pal4", Describe(Assert.Single(space.UniformPlans)));
        Assert.Equal(
            [("line", LeftAloneCause.TooSmall, "rank 1"), ("first", LeftAloneCause.TooSmall, "16 elements, the threshold is 16"), ("head", LeftAloneCause.Excluded, "skipped by op_type_configs: linear")],
            space.LeftAlone.Select(entry => (entry.Weight.Name, entry.Cause, entry.Reason)));
    }

    [Fact]
    public void Expand_NamesThatDoNotOccur_AreFaultsWithTheNearest() => Assert.Equal(
        """
        quick, op_type_configs: found 'linaer', expected a type of operation that reads a weight: conv, linear; did you mean 'linear'?
        quick, op_name_configs: found 'frist', expected the name of a weight or of an operation that reads one; did you mean 'first'?
        quick, op_name_configs: found 'something_else', expected the name of a weight or of an operation that reads one.
        """.ReplaceLineEndings("\n"),
        FaultsOf(Grid + "op_type_configs: {linaer: skip}\nop_name_configs: {frist: skip, something_else: skip}\n", TestGraph.Of(s_first, s_head)));

    [Fact]
    public void Expand_ReadersWithDifferentOverrides_AreAFaultThatNamesBoth()
    {
        Weight shared = new("table", TestGraph.Values("table", new Shape(4, 4)), TestGraph.Uses(("look_up", "gather"), ("logits", "linear")), 0, 1);

        Assert.Equal(
            "quick: the weight 'table' is read by 'look_up' (no override) and 'logits' (op_type_configs: linear); expected the same for both, or an entry 'table' in op_name_configs.",
            FaultsOf(Grid + "op_type_configs: {linear: skip}\n", TestGraph.Of(shared)));
        Assert.Single(Expand(Grid + "op_type_configs: {linear: skip, gather: skip}\n", TestGraph.Of(shared, s_first)).LeftAlone);
        Assert.Single(Expand(Grid + "op_type_configs: {linear: skip}\nop_name_configs: {table: {palettize: {nbits: 8}}}\n", TestGraph.Of(shared)).Layers);
    }

    [Fact]
    public void Expand_SchemesThatTheTargetCannotHold_AreFaultsBeforeAnythingRuns() => Assert.Equal(
        """
        quick: found the scheme palettize(mode=kmeans, nbits=2, granularity=per_tensor), expected one that a test package for test17 can hold: needs test18.
        quick: found the scheme palettize(mode=kmeans, nbits=3, granularity=per_tensor) for layer 'first', expected one that a test package for test17 can hold: needs test18.
        """.ReplaceLineEndings("\n"),
        FaultsOf(
            Grid + "op_name_configs: {first: {palettize: {nbits: 3}}}\n",
            TestGraph.Of(s_first),
            new TestFormat(scheme => scheme is PalettizeScheme { Bits: 2 or 3 } ? "needs test18" : null)));

    [Fact]
    public void Expand_NothingToCompress_SaysWhy() => Assert.Equal(
        "quick: found no weight to compress among 3, expected at least one; a: rank 1 (and 1 more); c: 4 elements, the threshold is 10.",
        FaultsOf(Grid, TestGraph.Of(TestGraph.Dense("a", [20]), TestGraph.Dense("b", [30]), TestGraph.Dense("c", [2, 2]))));
}
