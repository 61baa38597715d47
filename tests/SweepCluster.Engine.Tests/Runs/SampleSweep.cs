using System.Text.Json;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>A sweep of a few seconds over the sample ResNet-20: its five largest layers, two schemes, few samples.</summary>
internal static class SampleSweep
{
    public static string Model => Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");

    /// <summary>Writes the spec into a folder and reads it.</summary>
    public static SweepSpec Spec(TemporaryFolder folder, string? model = null, string name = "small") => SpecReader.Read(Write(folder, model, name), []);

    /// <summary>The same sweep with other settings, each as <c>samples.choice</c> and a value.</summary>
    public static SweepSpec SpecWith(TemporaryFolder folder, params (string Key, string Value)[] settings) =>
        SpecReader.Read(Write(folder), [.. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))]);

    public static string Write(TemporaryFolder folder, string? model = null, string name = "small")
    {
        string path = folder[$"{name}.yaml"];
        File.WriteAllText(path, $$"""
            name: small
            model: {{model ?? Model}}
            data:
              path: {{Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz")}}
            samples: {probe: 8, choice: 24, confirm: 16}
            objective: {metric: top1, max_drop: 20}
            global_config: {weight_threshold: 20000}
            schemes:
              - palettize: {nbits: [1, 4]}
              - quantize: {dtype: int4}
            search: {uniform: true, greedy: {plans: 3}, probes: true}
            """);
        return path;
    }

    public static RunOptions Options(string folder, int slots = 2, bool resume = false) => new() { ResultFolder = folder, Slots = slots, Resume = resume };

    public static string Json(SweepResult result) => JsonSerializer.Serialize(result.Summary);
}
