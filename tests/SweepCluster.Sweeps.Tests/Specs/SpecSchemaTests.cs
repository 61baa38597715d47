using System.Text.Json.Nodes;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Specs;

/// <summary>Holds the published schema and the reader together.</summary>
public class SpecSchemaTests
{
    private static readonly JsonNode s_schema = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "sweep.schema.json")))!;

    [Theory]
    [InlineData("", "Root")]
    [InlineData("data", "Data")]
    [InlineData("objective", "Objective")]
    [InlineData("search", "Search")]
    [InlineData("search.properties.greedy", "Greedy")]
    [InlineData("global_config", "GlobalConfig")]
    [InlineData("samples.oneOf.1", "Samples")]
    public void Schema_Keys_AreTheReaders(string path, string member)
    {
        IReadOnlyList<string> expected = (IReadOnlyList<string>)typeof(SpecKeys).GetProperty(member)!.GetValue(null)!;
        JsonNode node = path.Length == 0 ? s_schema : path.Split('.').Aggregate(s_schema["properties"]!, (at, key) => at is JsonArray list ? list[int.Parse(key)]! : at[key]!);

        Assert.Equal(expected, node["properties"]!.AsObject().Select(entry => entry.Key));
        Assert.False(node["additionalProperties"]!.GetValue<bool>());
    }

    [Fact]
    public void Schema_Families_AreTheReadersAndEachDefaultIsSchemeTexts()
    {
        foreach ((string family, IReadOnlyList<string> keys) in SpecKeys.Families)
        {
            JsonObject settings = s_schema["$defs"]![family]!["properties"]!.AsObject();
            Assert.Equal(keys, settings.Select(entry => entry.Key));
            foreach ((string key, JsonNode? setting) in settings.Where(setting => setting.Value!["default"] is not null))
            {
                string fallback = setting!["default"]!.ToString();
                KeyValuePair<string, string>[] companions = SpecConditions.CompanionsOf(family, key, fallback);
                Assert.Equal(SchemeText.FromSettings(family, companions), SchemeText.FromSettings(family, [.. companions, new(key, fallback)]));
            }
        }
    }

    // Keys without which a scheme is another one have no default.
    [Fact]
    public void Schema_KeysWithoutADefault_AreThese() => Assert.Equal(
        ["lut", "block_size", "threshold", "n_m_ratio", "dim", "accuracy_threshold"],
        SpecKeys.Families.SelectMany(family => s_schema["$defs"]![family.Key]!["properties"]!.AsObject().Where(setting => setting.Value!["default"] is null).Select(setting => setting.Key)));

    [Fact]
    public void Schema_Types_AreEveryIntegerUpToSixteenBits() => Assert.Equal(
        Enumerable.Range(1, 16).SelectMany(bits => new[] { $"int{bits}", $"uint{bits}" }).Order(),
        s_schema["$defs"]!["quantize"]!["properties"]!["dtype"]!["oneOf"]![0]!["enum"]!.AsArray().Select(type => type!.GetValue<string>()).Order());

    [Theory]
    [InlineData("palettize")]
    [InlineData("quantize")]
    [InlineData("prune")]
    [InlineData("mindspore")]
    [InlineData("float16")]
    public void Families_Keys_AreThoseThatSchemeTextReads(string family)
    {
        string message = Assert.Throws<BadInputException>(() => SchemeText.FromSettings(family, [new("nonsense", "1")])).Message;
        string expected = SpecKeys.Families[family].Count == 0 ? "none" : $"one of {string.Join(", ", SpecKeys.Families[family])}";

        Assert.Equal($"scheme '{family}': unknown key 'nonsense', expected {expected}.", message);
    }

    [Theory]
    [InlineData("quickstart.yaml")]
    [InlineData("full.yaml")]
    [InlineData("imagenet.yaml")]
    public void Samples_FitTheSchema(string sample) =>
        Assert.Empty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(File.ReadAllText(Path.Combine(SharedData.Samples, sample)))));

    public static TheoryData<string> SoundSchemes =>
    [
        "palettize: {mode: [kmeans, uniform, unique], nbits: [2, 4], cluster_dim: [1, 2], enable_per_channel_scale: [true, false], lut_dtype: [none, int8], distinct: exact, compat: none}",
        "palettize: {mode: custom, lut: [nf4, '-1|0|1', [-1, 0, 0.5]]}",
        "palettize: {mode: custom, lut: quantiles, nbits: 2, enable_per_channel_scale: true}",
        "quantize: {dtype: [int3, uint16], granularity: per_block, block_size: [32, 1x32x0x0, [1, 0, 4]], clip: mse}",
        "quantize: {granularity: per_block, block_size: 1x0}",
        "prune: {target_sparsity: 0.5, block_size: 4, dim: [0, 1], compat: coremltools}",
        "prune: {threshold: [0, 1e-3], minimum_sparsity_percentile: 0}",
        "prune: {n_m_ratio: ['2:4', [1, 2]], dim: 0}",
        "prune: {granularity: [per_scalar, per_channel], ties: exact}",
        "mindspore: {bit_num: [0, 4, 8], init_scale: 0.1, accuracy_threshold: 0.04, quant_weight_size: 500, quant_weight_channel: 0}",
        "{prune: {target_sparsity: [0.5, 0.75]}, palettize: {nbits: [2, 4]}}",
        "{quantize: {dtype: int4}, prune: {n_m_ratio: '2:4'}}",
        "{prune: , quantize: }",
        "prune(n_m_ratio=2:4)+palettize(nbits=4)",
    ];

    public static TheoryData<string> FaultySchemes =>
    [
        "palettize: {enable_per_channel_scale: sometimes}",
        "palettize: {cluster_dim: 0}",
        "palettize: {lut_dtype: int4}",
        "palettize: {mode: lloyd}",
        "quantize: {dtype: int17}",
        "quantize: {granularity: per_block, block_size: 0}",
        "prune: {n_m_ratio: 2}",
        "prune: {block_size: 1}",
        "prune: {dim: 2}",
        "prune: {threshold: -1}",
        "mindspore: {bit_num: 17}",
        "mindspore: {accuracy_threshold: 0}",
        "{palettize: {}, quantize: {}}",
        "{prune: {}, float16: }",
        "{prune: {}, palettize: {}, quantize: {}}",
        "{}",
    ];

    [Theory, MemberData(nameof(SoundSchemes))]
    public void SchemaAndReader_OnSoundSchemes_BothAccept(string entry)
    {
        foreach (string spec in new[] { TemporarySpecs.Head + $"schemes:\n- {entry}", TemporarySpecs.Head + $"schemes: [float16]\nop_name_configs:\n  layer:\n  - {entry}" })
        {
            Assert.Empty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
            Assert.NotNull(SpecReading.Read(spec));
        }
    }

    [Theory, MemberData(nameof(FaultySchemes))]
    public void SchemaAndReader_OnFaultySchemes_BothRefuse(string entry)
    {
        string spec = TemporarySpecs.Head + $"schemes:\n- {entry}";

        Assert.NotEmpty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
        Assert.NotEmpty(SpecReading.FaultsOf(spec));
    }

    [Fact]
    public void Documentation_Examples_FitTheSchemaAndTheReader()
    {
        string[] parts = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "spec.md")).ReplaceLineEndings("\n").Split("```");
        string[] examples = [.. parts.Where((_, i) => i % 2 == 1).Where(part => part.StartsWith("yaml\n", StringComparison.Ordinal)).Select(part => part[5..])];

        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            Assert.Empty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(TemporarySpecs.Head + example)));
            string[] families = [.. SpecReading.Read(TemporarySpecs.Head + example).Schemes.Select(scheme => scheme.Family).Distinct()];
            Assert.Equal(SpecKeys.Families.Keys.Concat(["prune+palettize", "prune+quantize"]).Order(StringComparer.Ordinal), families.Order(StringComparer.Ordinal));
        }
    }

    public static TheoryData<string> SoundLines =>
    [
        "op_type_configs: {conv: {prune: {}, palettize: {nbits: 2}, weight_threshold: 5}}",
        "op_type_configs: {conv: skip, linear: ~, gather: {palettize: {nbits: 8}, weight_threshold: 5}}",
        "op_name_configs: {a: [prune, {quantize: {dtype: [int8, int4]}}], b: 'palettize(nbits=4)', c: {weight_threshold: 9}}",
        "objective: {command: [python, 'x {model}'], metric: mAP, higher: false, timeout: 10 min}",
        "objective: {command: [x, '{model}'], metric: mAP, timeout: 600}",
        "samples: 100",
        "samples: {probe: 10, choice: 20, confirm: 0}",
        "search: {uniform: true, greedy: {plans: 0}, probes: false}",
        "global_config: {weight_threshold: 0}",
    ];

    public static TheoryData<string> FaultyLines =>
    [
        "sed: 1",
        "seed: -1",
        "seed: soon",
        "samples: 1",
        "samples: {choice: 0}",
        "samples: {choise: 5}",
        "search: {greedy: {plans: -1}}",
        "search: {uniform: sometimes}",
        "global_config: {weight_threshold: -1}",
        "op_type_configs: {conv: {}}",
        "op_type_configs: {conv: {palettize: {nbits: 5}}}",
        "op_type_configs: {conv: {palettize: {}, quantize: {}}}",
        "op_name_configs: [conv]",
        "objective: {max_drop: -1}",
    ];

    [Theory, MemberData(nameof(SoundLines))]
    public void SchemaAndReader_OnSoundLines_BothAccept(string line)
    {
        string spec = TemporarySpecs.Head + "schemes: [palettize: {nbits: [2, 4]}, float16]\n" + line;

        Assert.Empty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
        Assert.NotNull(SpecReading.Read(spec));
    }

    [Theory, MemberData(nameof(FaultyLines))]
    public void SchemaAndReader_OnFaultyLines_BothRefuse(string line)
    {
        string spec = TemporarySpecs.Head + "schemes: [palettize: {nbits: [2, 4]}, float16]\n" + line;

        Assert.NotEmpty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
        Assert.NotEmpty(SpecReading.FaultsOf(spec));
    }
}
