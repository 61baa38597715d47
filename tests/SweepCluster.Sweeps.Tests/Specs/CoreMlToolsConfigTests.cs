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
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: UNIQUE}\nop_type_configs: {linear: {nbits: 6, cluster_dim: 4, enable_per_channel_scale: True}, conv: {mode: Uniform, nbits: 2}}", "conv_1_weight=uni2, conv_2_weight=uni2, fc_weight=pal6/v4/cs")]
    [InlineData("config_type: OpLinearQuantizerConfig\nglobal_config: {granularity: per_block, block_size: [1, 32]}", "conv_1_weight=i8s/b1x32, conv_2_weight=i8s/b1x32, fc_weight=i8s/b1x32")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {n_m_ratio: [1, 2]}\nop_type_configs: {linear: {target_sparsity: 0.5, block_size: 4, dim: 1}}", "conv_1_weight=prune1:2, conv_2_weight=prune1:2, fc_weight=prune50/b4d1")]
    [InlineData("config_type: OpThresholdPrunerConfig\nglobal_config: {}\nop_type_configs: {linear: {threshold: 0.01, minimum_sparsity_percentile: 0.1}}", "conv_1_weight=prune<=1E-12, conv_2_weight=prune<=1E-12, fc_weight=prune<=0.01/min0.1")]
    public void Parse_Configuration_BecomesThePlanThatItMeans(string yaml, string plan) => Assert.Equal(plan, Read(yaml));

    [Theory]
    [InlineData("", "mine.yaml: found an empty file, expected a mapping with config_type, global_config, op_type_configs, op_name_configs.")]
    [InlineData("global_config: {nbits: 4}", "mine.yaml, line 1: found no key 'config_type', expected the name of a compressor's class, as OpPalettizerConfig.")]
    [InlineData("config_type: OpPaletizerConfig", "mine.yaml, line 1: config_type: found 'OpPaletizerConfig', expected one of OpPalettizerConfig, OpLinearQuantizerConfig, OpMagnitudePrunerConfig, OpThresholdPrunerConfig; did you mean 'OpPalettizerConfig'?")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: kmeans}", "mine.yaml, line 2: OpPalettizerConfig: found no key 'nbits', expected it.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, lut_function: x}", "mine.yaml, line 2: scheme 'palettize': unknown key 'lut_function', expected one of mode, lut, nbits, granularity, group_size, cluster_dim, enable_per_channel_scale, lut_dtype, distinct, compat.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {nbits: 4, channel_axis: 1}", "mine.yaml, line 2: channel_axis: found '1', expected none: each operation's own axis of output channels is taken.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: unique, nbits: 4}", "mine.yaml, line 2: scheme 'palettize': nbits: has no meaning without mode=kmeans, mode=uniform or a rule of any width.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: uniform, nbits: 4, cluster_dim: 2}", "mine.yaml, line 2: scheme 'palettize': cluster_dim: has no meaning without mode=kmeans.")]
    [InlineData("config_type: OpPalettizerConfig\nglobal: {nbits: 4}", "mine.yaml, line 2: found key 'global', expected one of config_type, global_config, op_type_configs, op_name_configs.")]
    [InlineData("config_type: OpPalettizerConfig\nop_name_configs:\n  conv_3: {nbits: 4}", "mine.yaml, line 3: op_name_configs: found 'conv_3', expected the name of a weight or of an operation that reads one; did you mean 'conv_1'?")]
    [InlineData("config_type: OpPalettizerConfig\nop_type_configs: {linaer: {nbits: 4}}", "mine.yaml, line 2: op_type_configs: found 'linaer', expected a type of operation that reads a weight: conv, linear; did you mean 'linear'?")]
    [InlineData("config_type: OpPalettizerConfig\nglobal_config: {mode: kmeans, nbit: 4}", "mine.yaml, line 2: OpPalettizerConfig: found no key 'nbits', expected it; unknown key 'nbit'; did you mean 'nbits'?")]
    [InlineData("config_type: OpLinearQuantizerConfig\nglobal_config: {granularity: per_block, block_size: {a: 1}}", "mine.yaml, line 2: block_size: found a mapping, expected a single value, or a list of whole numbers.")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {n_m_ratio: [1]}", "mine.yaml, line 2: scheme 'prune': n_m_ratio: found '1', expected n:m with n from 1 to m - 1, as 2:4.")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {block_size: 2}", "mine.yaml, line 2: OpMagnitudePrunerConfig: found no key 'target_sparsity' or 'n_m_ratio', expected it.")]
    [InlineData("config_type: OpMagnitudePrunerConfig\nglobal_config: {target_sparsity: 0.5, dim: 1}", "mine.yaml, line 2: scheme 'prune': dim: has no meaning without n_m_ratio or block_size.")]
    [InlineData("config_type: OpThresholdPrunerConfig\nglobal_config: {target_sparsity: 0.5}", "mine.yaml, line 2: scheme 'prune': found several of target_sparsity, threshold and n_m_ratio, expected one.")]
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
                    # coremltools computes these in its own way: the bits will differ from the measured plan, its error is seldom smaller
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
                    # coremltools computes these in its own way: the bits will differ from the measured plan, its error is seldom smaller
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
            "palettize(mode=uniform, nbits=2)", "palettize(mode=unique)", "palettize(nbits=6, cluster_dim=4)", "quantize(granularity=per_block, block_size=1x32)",
            "prune(n_m_ratio=2:4, dim=0)", "prune(target_sparsity=0.5, block_size=2, dim=1)", "prune(threshold=1E-12)", "prune(threshold=1E-05, minimum_sparsity_percentile=0)", "prune(threshold=2)",
        ];
        foreach (string scheme in schemes)
        {
            Plan plan = Plan.Create(PlanKind.Given, "mine", [new("conv_1_weight", SchemeText.Parse(scheme)), new("small_weight", SchemeText.Parse(scheme))]);

            Plan again = CoreMlToolsConfig.Parse(Assert.Single(CoreMlToolsConfig.Write(plan)).Yaml, "mine.yaml", s_graph);

            Assert.Equal((plan.Id, plan.Canonical, plan.Label), (again.Id, again.Canonical, again.Label));
        }
    }

    [Fact]
    public void Write_NothingThatTheReferenceCanDo_IsOneTextOfRemarks() => Assert.Equal(
        [new CoreMlToolsText("none", "# a: mindspore(bit_num=8, quant_weight_size=0, quant_weight_channel=16), which coremltools has no compressor for\n")],
        CoreMlToolsConfig.Write(Plan.Create(PlanKind.Given, "x", [new("a", SchemeText.Parse("mindspore"))])).ToArray());

    [Fact]
    public void Write_JointPlanAndWhatTheReferenceLacks_GivesTwoFilesAndRemarks()
    {
        Plan plan = Plan.Create(PlanKind.Mixed, "mixed-02",
        [
            new("a", SchemeText.Parse("prune(target_sparsity=0.5)+palettize(nbits=4)")),
            new("b", SchemeText.Parse("prune(threshold=1E-05)")),
            new("c", SchemeText.Parse("palettize(lut_dtype=int8)")),
            new("d", SchemeText.Parse("prune(n_m_ratio=2:4)+quantize(clip=mse)")),
            new("e", SchemeText.Parse("mindspore(bit_num=8)")),
        ]);
        const string Remarks = """
            # c: palettize(mode=kmeans, nbits=4, granularity=per_tensor, lut_dtype=int8), which coremltools has no setting for (lut_dtype; it quantizes tables in a second run, with joint_compression=True)
            # d: prune(n_m_ratio=2:4, dim=1)+quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel, clip=mse), which coremltools has no setting for (clip)
            # e: mindspore(bit_num=8, quant_weight_size=0, quant_weight_channel=16), which coremltools has no compressor for

            """;

        Assert.Equal(
            [
                new CoreMlToolsText("palettize", (Remarks + """
                    # coremltools computes these in its own way: the bits will differ from the measured plan, its error is seldom smaller
                    # after the file for prune, with joint_compression=True
                    config_type: OpPalettizerConfig
                    op_name_configs:
                      a_sparsified:
                        mode: kmeans
                        nbits: 4
                        granularity: per_tensor
                        weight_threshold: 0

                    """).ReplaceLineEndings("\n")),
                new CoreMlToolsText("prune", (Remarks + """
                    # first of the files: prune with it, then compress what is left with the others and joint_compression=True
                    config_type: OpMagnitudePrunerConfig
                    op_name_configs:
                      a:
                        target_sparsity: 0.5
                        weight_threshold: 0
                      b:
                        config_type: OpThresholdPrunerConfig
                        threshold: 1.0E-05
                        minimum_sparsity_percentile: 0.5
                        weight_threshold: 0

                    """).ReplaceLineEndings("\n")),
            ],
            CoreMlToolsConfig.Write(plan).ToArray());
    }
}
