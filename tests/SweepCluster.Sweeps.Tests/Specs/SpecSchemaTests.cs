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
            foreach ((string key, JsonNode? setting) in settings)
            {
                KeyValuePair<string, string>[] condition = SpecKeys.Conditions.TryGetValue(key, out KeyValuePair<string, string> needed) ? [needed] : [];
                KeyValuePair<string, string> fallback = new(key, setting!["default"]!.ToString());
                Assert.Equal(SchemeText.FromSettings(family, condition), SchemeText.FromSettings(family, [.. condition, fallback]));
            }
        }
    }

    [Theory]
    [InlineData("palettize")]
    [InlineData("quantize")]
    [InlineData("prune")]
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

    public static TheoryData<string> SoundLines =>
    [
        "op_type_configs: {conv: skip, linear: ~, gather: {palettize: {nbits: 8}, weight_threshold: 5}}",
        "op_name_configs: {a: [prune, {quantize: {dtype: [int8, int4]}}], b: 'palettize(nbits=4)', c: {weight_threshold: 9}}",
        "objective: {command: [python, 'x {model}'], metric: mAP, higher: false, timeout: 10 min}",
        "objective: {command: 'x {model}', metric: mAP, timeout: 600}",
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
        "op_name_configs: [conv]",
        "objective: {max_drop: -1}",
    ];

    [Theory, MemberData(nameof(SoundLines))]
    public void SchemaAndReader_OnSoundLines_BothAccept(string line)
    {
        string spec = SpecFolder.Head + "schemes: [palettize: {nbits: [2, 4]}, float16]\n" + line;

        Assert.Empty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
        Assert.NotNull(SpecReading.Read(spec));
    }

    [Theory, MemberData(nameof(FaultyLines))]
    public void SchemaAndReader_OnFaultyLines_BothRefuse(string line)
    {
        string spec = SpecFolder.Head + "schemes: [palettize: {nbits: [2, 4]}, float16]\n" + line;

        Assert.NotEmpty(new JsonSchemaChecker(s_schema).Check(YamlToJson.Convert(spec)));
        Assert.NotEmpty(SpecReading.FaultsOf(spec));
    }
}
