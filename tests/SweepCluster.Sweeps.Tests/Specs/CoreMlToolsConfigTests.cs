using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs.CoreMlTools;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Specs;

public class CoreMlToolsConfigTests
{
    private static readonly Graph s_graph = TestGraph.Of(
        TestGraph.Dense("conv_1_weight", [64, 64], "conv", "conv_1"),
        TestGraph.Dense("conv_2_weight", [64, 64], "conv", "conv_2"),
        TestGraph.Dense("fc_weight", [64, 64], "linear", "fc"),
        TestGraph.Dense("small_weight", [4, 4], "conv", "small"),
        TestGraph.Dense("bias", [4096], "conv", "conv_2"));

    private static string Read(string yaml) =>
        string.Join(", ", CoreMlToolsConfig.Parse(yaml, "mine.yaml", s_graph).Schemes.Select(entry => $"{entry.Key}={entry.Value.Label}"));

    private static string FaultsOf(string yaml) => Assert.Throws<BadInputException>(() => CoreMlToolsConfig.Parse(yaml, "mine.yaml", s_graph)).Message;

    // The forms of the examples in coremltools' own documentation of from_dict and from_yaml.
    [Theory]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: kmeans, nbits: 4}", "conv_1_weight=pal4, conv_2_weight=pal4, fc_weight=pal4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4}\nop_type_configs: {conv: {nbits: 1}}\nop_name_configs: {conv_1: {nbits: 8}}", "conv_1_weight=pal8, conv_2_weight=pal1, fc_weight=pal4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4}\nop_name_configs: {conv_1: {nbits: 8}, conv_1_weight: {nbits: 2}}", "conv_1_weight=pal2, conv_2_weight=pal4, fc_weight=pal4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4}\nop_type_configs: {linear: null, gather: {nbits: 2}}", "conv_1_weight=pal4, conv_2_weight=pal4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, weight_threshold: 15, granularity: per_grouped_channel, group_size: 4}", "conv_1_weight=pal4/g4, conv_2_weight=pal4/g4, fc_weight=pal4/g4, small_weight=pal4/g4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, weight_threshold: null}", "conv_1_weight=pal4, conv_2_weight=pal4, fc_weight=pal4, small_weight=pal4")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: KMEANS, nbits: 6, group_size: 16, cluster_dim: 1, enable_per_channel_scale: False, num_kmeans_workers: 4, channel_axis: null}", "conv_1_weight=pal6, conv_2_weight=pal6, fc_weight=pal6")]
    [InlineData("config_type: OpLinearQuantizerConfig\nop_type_configs: {conv: {}, linear: {mode: linear, dtype: uint4, granularity: per_block, block_size: 16}}", "conv_1_weight=i8s/c, conv_2_weight=i8s/c, fc_weight=u4a/b16")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {target_sparsity: 0.75}\nop_type_configs: {linear: {config_type: OpLinearQuantizerConfig, dtype: int4}}", "conv_1_weight=prune75, conv_2_weight=prune75, fc_weight=i4s/c")]
    public void Parse_Configuration_BecomesThePlanThatItMeans(string yaml, string plan) => Assert.Equal(plan, Read(yaml));

    [Theory]
    [InlineData("", "mine.yaml: found an empty file, expected a mapping with config_type, global_config, op_type_configs, op_name_configs.")]
    [InlineData("global_config: {nbits: 4}", "mine.yaml, line 1: found no key 'config_type', expected the name of a compressor's class, as OpPalettizerConfig.")]
    [InlineData("config_type: OpPaletizerConfig", "mine.yaml, line 1: config_type: found 'OpPaletizerConfig', expected one of OpPalettizerConfig, OpLinearQuantizerConfig, OpMagnitudePrunerConfig; did you mean 'OpPalettizerConfig'?")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: kmeans}", "mine.yaml, line 2: OpPalettizerConfig: found no key 'nbits', expected it.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, cluster_dim: 2}", "mine.yaml, line 2: scheme 'palettize': unknown key 'cluster_dim', expected one of mode, nbits, granularity, group_size.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal: {nbits: 4}", "mine.yaml, line 2: found key 'global', expected one of config_type, global_config, op_type_configs, op_name_configs.")]
    [InlineData("config_type: OpPalettizerConfig\nop_name_configs:\n  conv_3: {nbits: 4}", "mine.yaml, line 3: op_name_configs: found 'conv_3', expected the name of a weight or of an operation that reads one; did you mean 'conv_1'?")]
    [InlineData("config_type: OpLinearQuantizerConfig\nglobal_config: {granularity: per_block, block_size: [1, 32]}", "mine.yaml, line 2: block_size: found a list, expected a single value; this program has no such form.")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {n_m_ratio: [1, 2]}", "mine.yaml, line 2: n_m_ratio: found a list, expected a single value; this program has no such form.\nmine.yaml, line 2: OpMagnitudePrunerConfig: found no key 'target_sparsity', expected it.")]
    public void Parse_Fault_IsNamedWithItsLine(string yaml, string fault) => Assert.Equal(fault, FaultsOf(yaml));

    [Fact]
    public void Parse_ReadersWithDifferentSettings_IsAFault()
    {
        Weight shared = new("table", TestGraph.Values("table", new Shape(64, 64)), TestGraph.Uses(("look_up", "gather"), ("logits", "linear")), 0, 1);

        Assert.Equal(
            "mine.yaml: the weight 'table' is read by 'look_up' and 'logits', for which different settings hold; expected the same, or an entry of its own in op_name_configs.",
            Assert.Throws<BadInputException>(() => CoreMlToolsConfig.Parse("config_type: OpPalettizerConfig\nop_type_configs: {linear: {nbits: 4}}", "mine.yaml", TestGraph.Of(shared))).Message);
    }

    [Fact]
    public void Write_MixedPlan_GivesOneTextForEachFamily()
    {
        Plan plan = Plan.Create(PlanKind.Mixed, "mixed-01",
        [
            new("conv_1_weight", SchemeText.Parse("palettize(nbits=4, granularity=per_grouped_channel, group_size=16)")),
            new("fc_weight", SchemeText.Parse("quantize(dtype=int4, granularity=per_block, block_size=16)")),
            new("no", SchemeText.Parse("prune(target_sparsity=0.25)")),
            new("embedding", SchemeText.Parse("float16")),
        ]);

        Assert.Equal(
            [
                new("palettize", """
                    # embedding: float16, which coremltools has no compressor for
                    config_type: OpPalettizerConfig
                    op_name_configs:
                      conv_1_weight:
                        mode: kmeans
                        nbits: 4
                        granularity: per_grouped_channel
                        group_size: 16
                        weight_threshold: 0

                    """.ReplaceLineEndings("\n")),
                new("prune", """
                    # embedding: float16, which coremltools has no compressor for
                    config_type: OpMagnitudePrunerConfig
                    op_name_configs:
                      "no":
                        target_sparsity: 0.25
                        weight_threshold: 0

                    """.ReplaceLineEndings("\n")),
                new CoreMlToolsText("quantize", """
                    # embedding: float16, which coremltools has no compressor for
                    config_type: OpLinearQuantizerConfig
                    op_name_configs:
                      fc_weight:
                        mode: linear_symmetric
                        dtype: int4
                        granularity: per_block
                        block_size: 16
                        weight_threshold: 0

                    """.ReplaceLineEndings("\n")),
            ],
            CoreMlToolsConfig.Write(plan).ToArray());
    }

    [Fact]
    public void WriteThenParse_PlansOfOneFamily_GivesThePlanBack()
    {
        string[] schemes =
        [
            "palettize(nbits=1)", "palettize(nbits=6, granularity=per_grouped_channel, group_size=2)", "quantize(mode=linear, dtype=uint8, granularity=per_tensor)",
            "quantize(dtype=int8)", "quantize(mode=linear, dtype=uint4, granularity=per_block, block_size=8)", "prune(target_sparsity=0.1)",
        ];
        foreach (string scheme in schemes)
        {
            Plan plan = Plan.Create(PlanKind.Given, "mine", [new("conv_1_weight", SchemeText.Parse(scheme)), new("small_weight", SchemeText.Parse(scheme))]);

            Plan again = CoreMlToolsConfig.Parse(Assert.Single(CoreMlToolsConfig.Write(plan)).Yaml, "mine.yaml", s_graph);

            Assert.Equal((plan.Id, plan.Canonical, plan.Label), (again.Id, again.Canonical, again.Label));
        }
    }
}
