using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Tests.Runs;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class EngineJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ASpecWithEverySetting_GivesAnEqualRequest()
    {
        File.WriteAllText(_folder["all.yaml"], $$"""
            name: all
            model: {{SampleSweep.Model}}
            target: iOS18
            data: {path: {{Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz")}}, layout: nhwc, color: rgb, scale: [0.1, 0.2, 0.3], bias: 1.5}
            objective: {metric: kl, max_drop: 0.1}
            samples: {probe: 8, choice: 24, confirm: 16}
            seed: 7
            global_config: {weight_threshold: 100}
            schemes:
              - palettize: {nbits: [1, 4]}
              - quantize: {dtype: int4, granularity: per_block, block_size: 16}
              - prune: {target_sparsity: 0.3}
              - float16: {}
            op_type_configs: {linear: skip}
            op_name_configs: {const_10_to_fp16: {palettize: {nbits: 6} } }
            search: {uniform: true, greedy: {plans: 3}, probes: true}
            """);
        SweepSpec spec = SpecReader.Read(_folder["all.yaml"], []);

        string json = JsonSerializer.Serialize(spec, EngineJson.Default.SweepSpec);
        SweepSpec read = EngineJson.Read(json, EngineJson.Default.SweepSpec);

        Assert.Equal(json, JsonSerializer.Serialize(read, EngineJson.Default.SweepSpec));
        Assert.Equal(spec.Schemes.AsEnumerable(), read.Schemes);
        Assert.Equal(spec.Objective with { Command = read.Objective.Command }, read.Objective);
        Assert.True(read.OpTypeConfigs["linear"].Skip);
        Assert.Equal(spec.OpNameConfigs["const_10_to_fp16"].Schemes.AsEnumerable(), read.OpNameConfigs["const_10_to_fp16"].Schemes);
        Assert.Equal((spec.Canonical, spec.Target, spec.Seed, spec.Samples, spec.Search), (read.Canonical, read.Target, read.Seed, read.Samples, read.Search));
        Assert.Equal(spec.Data!.Scale.AsEnumerable(), read.Data!.Scale);
    }

    [Fact]
    public void Read_ATally_KeepsEveryBit()
    {
        OutcomeTally tally = new() { Samples = 3, Agreeing = 2, Top1 = new(1, 1, 0, 1), Kl = new(0.1 + 0.2, 5e-324), Loss = new(double.MaxValue, 1.0 / 3), LossRise = new(-0.0, double.PositiveInfinity) };
        JobResults.Trial result = new(1, "hash", tally, null, null);

        JobResults.Trial read = EngineJson.Read(JsonSerializer.Serialize(result, EngineJson.Default.TrialResult), EngineJson.Default.TrialResult);

        Assert.Equal(result, read);
        Assert.True(double.IsNegative(read.Tally!.LossRise.Sum));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"round\":\"x\"}")]
    [InlineData("{")]
    public void Read_AnotherForm_IsRefused(string json)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => EngineJson.Read(json, EngineJson.Default.CoordinatePayload));

        Assert.StartsWith("stored Coordinate: found text that this program cannot read (", error.Message, StringComparison.Ordinal);
    }
}
