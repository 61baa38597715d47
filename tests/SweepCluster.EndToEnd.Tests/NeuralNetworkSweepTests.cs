using System.IO.Compression;
using System.Text.Json;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A sweep over a neural network that is one file: what it measures, and the commands that it prints.</summary>
public sealed class NeuralNetworkSweepTests : IDisposable
{
    private const int Samples = 200, Channels = 3, Edge = 4, Inputs = Channels * Edge * Edge, Classes = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The bias stands in an operation behind the scale's: as float16 it takes the scale along, which comes before.
    [Fact]
    public async Task Run_LayerWhoseBiasTakesItsScaleAlong_MeasuresEveryProbeAndPrintsACommandThatWorks()
    {
        string results = _folder.At("results"), target = _folder.At("compressed.mlmodel");

        CommandLine run = await CommandLine.RunAsync("run", WriteSweep(), "--out", results);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("failed", run.Error, StringComparison.Ordinal);
        string[] command = run.Output.Split('\n').Single(line => line.StartsWith("export  sweep ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Equal(["export", results, "--trial", command[3], "-o", "compressed.mlmodel"], command);
        CommandLine export = await CommandLine.RunAsync([.. command[..5], target]);
        Assert.Equal((0, string.Empty), (export.ExitCode, export.Error));
        Assert.True(File.Exists(target));
        Assert.Matches("sweep export RESULT_FOLDER --trial [0-9a-f]+ -o [^ <]+\\.mlmodel", await File.ReadAllTextAsync(Path.Combine(results, "report.html")));
    }

    // A bias that the sweep leaves alone becomes float16 with its layer, in what is measured as in what is written.
    [Fact]
    public async Task Export_PlanWhoseLayersTakeOthersAlong_WritesWhatWasMeasured()
    {
        string results = _folder.At("results"), target = _folder.At("half.mlmodel");
        await CommandLine.RunAsync("run", WriteSweep(), "--out", results);

        CommandLine export = await CommandLine.RunAsync("export", results, "--trial", "f16", "-o", target);

        Assert.Equal((0, string.Empty), (export.ExitCode, export.Error));
        CommandLine inspect = await CommandLine.RunAsync("inspect", target, "--format", "json");
        using JsonDocument document = JsonDocument.Parse(inspect.Output);
        Assert.All(document.RootElement.GetProperty("weights").EnumerateArray(), weight => Assert.Equal(16, weight.GetProperty("bitsPerValue").GetDouble()));
        CommandLine refused = await CommandLine.RunAsync("export", results, "--trial", "f16", "-o", _folder.At("half.mlpackage"));
        Assert.Equal((2, $"{_folder.At("half.mlpackage")}: found the extension '.mlpackage', expected '.mlmodel', as the sweep's model Net.mlmodel has.\n"), (refused.ExitCode, refused.Error));
    }

    private string WriteSweep()
    {
        Random random = new(20261120);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
        byte[] scale = WireNetwork.Layer("scale", 245, Wire.Of(
            (1, Wire.Packed(Channels, Edge, Edge)), (2, WireNetwork.Dense(Values(Inputs))), (3, 1), (4, Wire.Packed(Channels, Edge, Edge)), (5, WireNetwork.Dense(Values(Inputs)))));
        byte[] classes = WireNetwork.InnerProduct("classes", Inputs, Classes, WireNetwork.Dense(Values(Classes * Inputs)), WireNetwork.Dense(Values(Classes)), "scale_out", "y");
        File.WriteAllBytes(_folder.At("Net.mlmodel"), Wire.Of(
            (1, 4), (2, Wire.Of((1, Feature("x", Channels, Edge, Edge)), (10, Feature("y", Classes)))), (500, WireNetwork.Network(scale, classes))));
        using (ZipArchive archive = ZipFile.Open(_folder.At("data.npz"), ZipArchiveMode.Create))
        {
            using (Stream stream = archive.CreateEntry("images.npy").Open())
            {
                NpyWriter.Write(stream, TensorData.FromFloat32(new Shape(Samples, Channels, Edge, Edge), Values(Samples * Inputs)));
            }

            using Stream labels = archive.CreateEntry("labels.npy").Open();
            NpyWriter.Write(labels, new TensorData(ElementType.UInt8, new Shape(Samples), Enumerable.Range(0, Samples).Select(_ => (byte)random.Next(Classes)).ToArray()));
        }

        string spec = _folder.At("net.yaml");
        File.WriteAllText(spec, $$"""
            name: net
            model: Net.mlmodel
            data: {path: data.npz}
            objective: {metric: agreement, max_drop: 20}
            samples: {probe: 32, choice: 100, confirm: 100}
            global_config: {weight_threshold: 10}
            schemes:
              - float16
              - palettize: {nbits: 4}
            search: {uniform: true, greedy: {plans: 3}, probes: true}
            """);
        return spec;
    }

    private static byte[] Feature(string name, params long[] shape) => Wire.Of((1, name), (3, Wire.Of((5, Wire.Of((1, Wire.Packed(shape)), (2, 65568))))));
}
