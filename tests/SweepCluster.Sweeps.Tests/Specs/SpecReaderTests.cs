using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Specs;

public class SpecReaderTests
{
    private const string Whole = """
        name: everything
        model: net.mlpackage
        target: iOS18
        data:
          path: data.npz
          images: pictures
          labels: classes
          layout: nchw
          color: bgr
          scale: 0.5
          bias: [-104, -117, -123]
        objective: {metric: top5, max_drop: 1.5}
        samples: {probe: 100, choice: 400, confirm: 300}
        seed: 7
        global_config: {weight_threshold: 512}
        op_type_configs:
          linear: skip
          conv: {weight_threshold: 100}
        op_name_configs:
          first: {palettize: {nbits: 8}}
          second: [{quantize: {dtype: int8}}, "prune(target_sparsity=0.5)", {weight_threshold: 9}]
          third: ~
        schemes:
          - palettize: {mode: kmeans, nbits: [2, 4], granularity: per_tensor}
          - palettize: {nbits: [2, 4], granularity: per_grouped_channel, group_size: [8, 16]}
          - float16
          - float16:
          - "palettize(nbits=4, granularity=per_grouped_channel, group_size=16)"
        search: {uniform: false, greedy: {plans: 3}, probes: false}
        """;

    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        SweepSpec spec = SpecReading.Read(Whole);

        Assert.Equal("everything", spec.Name);
        Assert.EndsWith("net.mlpackage", spec.Model, StringComparison.Ordinal);
        Assert.True(Path.IsPathFullyQualified(spec.Model));
        Assert.Equal("iOS18", spec.Target);
        Assert.Equal(("pictures", "classes", "nchw", "bgr"), (spec.Data!.Images, spec.Data.Labels, spec.Data.Layout, spec.Data.Color));
        Assert.Equal([0.5], spec.Data.Scale.ToArray());
        Assert.Equal([-104, -117, -123], spec.Data.Bias.ToArray());
        Assert.Equal(("top5", true, 0.015), (spec.Objective.Metric, spec.Objective.Higher, spec.Objective.MaxDrop));
        Assert.Equal(new SamplesSpec(100, 400, 300), spec.Samples);
        Assert.Equal((7, 512), (spec.Seed, spec.WeightThreshold));
        Assert.Equal(new SearchSpec(false, 3, false), spec.Search);
        Assert.Equal(
            ["pal2", "pal4", "pal2/g8", "pal2/g16", "pal4/g8", "pal4/g16", "f16"], // the repeated ones fall away
            spec.Schemes.Select(scheme => scheme.Label));
    }

    [Theory]
    [InlineData("prune: {target_sparsity: [0.5, 0.75]}\n  palettize: {nbits: [2, 4]}", "prune50+pal2, prune50+pal4, prune75+pal2, prune75+pal4")]
    [InlineData("quantize: {dtype: int4, granularity: per_block}\n  prune: {n_m_ratio: 2:4}", "prune2:4+i4s/b32")]
    [InlineData("'prune(n_m_ratio=2:4) + quantize(dtype=int4)'", "prune2:4+i4s/c")]
    [InlineData("palettize: {enable_per_channel_scale: [True, false], lut_dtype: uint8}", "pal4/cs/u8t, pal4/u8t")]
    [InlineData("palettize: {mode: custom, lut: [[-1, 0, 0.50]]}", "lut:3#dd54")]
    [InlineData("quantize: {granularity: per_block, block_size: [[1, 32, 0, 0]]}", "i8s/b1x32x0x0")]
    [InlineData("prune: {n_m_ratio: [[2, 4], 1:2]}", "prune2:4, prune1:2")]
    [InlineData("mindspore: {bit_num: 4}", "ms4")]
    public void Read_FormsOfASetting_AreOneScheme(string entry, string labels) =>
        Assert.Equal(labels, string.Join(", ", SpecReading.Read(TemporarySpecs.Head + "schemes:\n- " + entry).Schemes.Select(scheme => scheme.Label)));

    [Fact]
    public void Read_Overrides_SkipReplaceOrKeepTheGrid()
    {
        SweepSpec spec = SpecReading.Read(Whole);

        Assert.True(spec.OpTypeConfigs["linear"].Skip);
        Assert.Equal(spec.Schemes, spec.OpTypeConfigs["conv"].Schemes);
        Assert.Equal(100, spec.OpTypeConfigs["conv"].WeightThreshold);
        Assert.Equal(new PalettizeScheme(8, 0), Assert.Single(spec.OpNameConfigs["first"].Schemes));
        Assert.Null(spec.OpNameConfigs["first"].WeightThreshold);
        Assert.Equal(["i8s/c", "prune50"], spec.OpNameConfigs["second"].Schemes.Select(scheme => scheme.Label));
        Assert.Equal(9, spec.OpNameConfigs["second"].WeightThreshold);
        Assert.True(spec.OpNameConfigs["third"].Skip);
    }

    [Fact]
    public void Read_OnlyWhatIsNeeded_FillsInDefaults()
    {
        SweepSpec spec = SpecReading.Read(TemporarySpecs.Head + "schemes: [palettize: {nbits: 4}]");

        Assert.Equal("quick", spec.Name);
        Assert.Null(spec.Target);
        Assert.Equal(("images", "labels"), (spec.Data!.Images, spec.Data.Labels));
        Assert.Equal((1, 0), (Assert.Single(spec.Data.Scale), Assert.Single(spec.Data.Bias)));
        Assert.Equal(("top1", true, null), (spec.Objective.Metric, spec.Objective.Higher, spec.Objective.MaxDrop));
        Assert.Equal(new SamplesSpec(256, 1000, 1000), spec.Samples);
        Assert.Equal((1, 2048), (spec.Seed, spec.WeightThreshold));
        Assert.Equal(new SearchSpec(true, 16, true), spec.Search);
    }

    [Theory]
    [InlineData("samples: 2000", 256, 1000, 1000)]
    [InlineData("samples: 301", 150, 150, 151)]
    [InlineData("samples: {choice: 100}", 100, 100, 100)]
    [InlineData("samples: {choice: 600, confirm: 0}", 256, 600, 0)]
    public void Read_Samples_AreSplit(string line, int probe, int choice, int confirm)
    {
        SweepSpec spec = SpecReading.Read(TemporarySpecs.Head + "schemes: [prune]\n" + line);

        Assert.Equal(new SamplesSpec(probe, choice, confirm), spec.Samples);
    }

    [Theory]
    [InlineData("palettize: {nbits: [1, 2, 3, 4, 6, 8]}", 6)]
    [InlineData("palettize: {nbits: [2, 4], granularity: per_grouped_channel, group_size: [8, 16]}", 4)]
    [InlineData("palettize: {nbits: [2, 4], granularity: [per_tensor, per_grouped_channel], group_size: [8, 16]}", 6)] // group_size only where it applies
    [InlineData("quantize: {dtype: [int8, int4], mode: [linear_symmetric, linear], granularity: per_channel}", 4)]
    [InlineData("quantize: {dtype: [int8, uint8, int4, uint4], mode: [linear_symmetric, linear], granularity: [per_tensor, per_channel, per_block], block_size: [4, 8]}", 32)]
    [InlineData("prune: {target_sparsity: [0.3, 0.5, 0.5]}", 2)]
    [InlineData("prune:", 1)]
    [InlineData("palettize: {mode: [kmeans, uniform, unique], nbits: [2, 4]}", 5)] // unique has no bits
    [InlineData("palettize: {mode: [kmeans, uniform], cluster_dim: [1, 2]}", 3)]
    [InlineData("palettize: {mode: [kmeans, uniform], distinct: [exact, binned]}", 3)]
    [InlineData("palettize: {mode: [kmeans, uniform], compat: [none, coremltools]}", 3)]
    [InlineData("palettize: {mode: [kmeans, custom], lut: [nf4, quantiles, [-1, 0, 1]], nbits: [2, 4]}", 6)] // kmeans 2, nf4 1, quantiles 2, the table 1
    [InlineData("quantize: {granularity: [per_channel, per_block], block_size: [32, 1x32x0x0, [1, 16, 0, 0]], clip: [none, mse]}", 8)]
    [InlineData("prune: {n_m_ratio: [1:2, [2, 4]], dim: [0, 1]}", 4)]
    [InlineData("prune: {granularity: [per_scalar, per_channel], ties: [all, exact]}", 3)]
    [InlineData("mindspore: {bit_num: [0, 8], init_scale: [0.01, 0.02]}", 3)]
    [InlineData("{prune: {target_sparsity: [0.5, 0.75]}, palettize: {nbits: [2, 4, 8]}}", 6)]
    public void Read_ListsInAScheme_Multiply(string entry, int count)
    {
        SweepSpec spec = SpecReading.Read(TemporarySpecs.Head + "schemes:\n  - " + entry);

        Assert.Equal(count, spec.Schemes.Length);
        Assert.Equal(count, spec.Schemes.Distinct().Count());
    }

    [Fact]
    public void Read_Settings_ReplaceWhatTheFileSays()
    {
        SweepSpec spec = SpecReading.Read(
            TemporarySpecs.Head + "schemes:\n  - palettize: {nbits: 4}\nseed: 1\n",
            new("samples.choice", "500"), new("search.greedy.plans", "4"), new("seed", "3"), new("schemes.0.palettize.nbits", "[2, 3]"), new("seed", "5"));

        Assert.Equal((500, 4, 5), (spec.Samples.Choice, spec.Search.GreedyPlans, spec.Seed));
        Assert.Equal(["pal2", "pal3"], spec.Schemes.Select(scheme => scheme.Label));
    }

    [Fact]
    public void Read_Command_NeedsNoData()
    {
        SweepSpec spec = SpecReading.Read("""
            model: net.mlpackage
            objective: {command: [python, eval.py, "{model}"], metric: mAP, higher: true, max_drop: 0.5, timeout: 10 min}
            schemes: [float16]
            """);

        Assert.Null(spec.Data);
        Assert.Equal(["python", "eval.py", "{model}"], spec.Objective.Command.ToArray());
        Assert.Equal(("mAP", 0.5, TimeSpan.FromMinutes(10)), (spec.Objective.Metric, spec.Objective.MaxDrop, spec.Objective.Timeout));
        Assert.False(spec.Search.Probes);
    }

    [Fact]
    public void Canonical_OfTheSameRequestWrittenOtherwise_IsTheSame()
    {
        string spelledOut = SpecReading.Read(TemporarySpecs.Head + "schemes: [\"palettize(nbits=2)\", \"palettize(nbits=4)\"]\nsamples: {probe: 256, choice: 1000, confirm: 1000}\nseed: 1").Canonical;
        string brief = SpecReading.Read("data: {path: ./data.npz}\nschemes:\n- palettize: {nbits: [2, 4]}\nmodel: net.mlpackage/").Canonical;

        Assert.Equal(spelledOut, brief);
        Assert.DoesNotContain(Path.GetTempPath(), brief, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed", "2")]
    [InlineData("samples.choice", "999")]
    [InlineData("schemes.0.palettize.nbits", "3")]
    [InlineData("op_type_configs.conv", "skip")]
    [InlineData("objective.max_drop", "1")]
    [InlineData("search.uniform", "false")]
    [InlineData("data.scale", "0.5")]
    [InlineData("global_config.weight_threshold", "1")]
    public void Canonical_OfAnotherRequest_Differs(string key, string value)
    {
        const string Spec = TemporarySpecs.Head + "schemes: [palettize: {nbits: 4}]";

        Assert.NotEqual(SpecReading.Read(Spec).Canonical, SpecReading.Read(Spec, new KeyValuePair<string, string>(key, value)).Canonical);
    }

    [Fact]
    public void Canonical_WhenAGivenPlanChanges_Differs()
    {
        using TemporarySpecs folder = new(TemporarySpecs.Head + "plans: [mine.yaml]");
        folder.Write("mine.yaml", "config_type: OpPalettizerConfig");
        string before = SpecReader.Read(folder.Path, []).Canonical;
        folder.Write("mine.yaml", "config_type: OpLinearQuantizerConfig");

        Assert.NotEqual(before, SpecReader.Read(folder.Path, []).Canonical);
    }

    [Fact]
    public void Read_FolderOfPictures_FindsLabelsInsideOrBeside()
    {
        using TemporarySpecs folder = new("model: net.mlpackage\ndata: {path: photos}\nschemes: [prune]");
        folder.Write("photos/1.jpg", "");
        string beside = folder.Write("labels.csv", "");
        Assert.Equal(beside, SpecReader.Read(folder.Path, []).Data!.Labels);

        string inside = folder.Write("photos/labels.csv", "");
        Assert.Equal(inside, SpecReader.Read(folder.Path, []).Data!.Labels);
    }
}
