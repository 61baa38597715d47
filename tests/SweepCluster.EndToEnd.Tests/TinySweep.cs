using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A sweep of a few seconds on the sample model, run once for all tests that look at its result.</summary>
public sealed class TinySweep : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The result folder.</summary>
    public string Results => _folder.At("results");

    /// <summary>The spec.</summary>
    public string Spec => _folder.At("tiny.yaml");

    internal CommandLine Run { get; private set; } = null!;

    /// <summary>A path beside the result folder.</summary>
    public string At(string name) => _folder.At(name);

    /// <summary>Writes the spec and runs it.</summary>
    public async Task InitializeAsync()
    {
        WriteSpec(Spec);
        Run = await CommandLine.RunAsync("run", Spec, "--out", Results);
    }

    /// <summary>Nothing to do.</summary>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Deletes everything.</summary>
    public void Dispose() => _folder.Dispose();

    internal static void WriteSpec(string path, string name = "tiny", int seed = 7, string palettes = "[2, 4, 6]", string? model = null, int choice = 200) => File.WriteAllText(path, $$$"""
        name: {{{name}}}
        model: {{{model ?? Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage")}}}
        data: {path: {{{SharedData.Samples}}}/resnet20/test-2000.npz}
        objective: {metric: top1, max_drop: 5.0}
        samples: {probe: 32, choice: {{{choice}}}, confirm: 200}
        seed: {{{seed}}}
        schemes:
          - palettize: {nbits: {{{palettes}}}, granularity: per_tensor}
          - palettize: {nbits: 4, granularity: per_grouped_channel, group_size: [8, 64]}
          - quantize: {dtype: [int8, int4], granularity: per_channel}
          - prune: {target_sparsity: 0.5}
        search: {uniform: true, greedy: {plans: 4}}
        """);
}
