using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A float32 package becomes a float16 one, and packages of every stored form become plain.</summary>
[Trait("Needs", "shared")]
public sealed class Float16Tests : IDisposable
{
    private static readonly string s_single = SharedData.PathOf("data", "resnet20-cifar10", "ResNet20_fp32.mlpackage");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--scheme", "float16", 0.52)]
    [InlineData("--compute", "float16", 0.52)]
    public async Task Compress_Float32Package_HasHalfTheSizeAndTheAccuracyOfTheOriginal(string option, string value, double share)
    {
        string half = _folder.At("half.mlpackage");

        CommandLine written = await CommandLine.RunAsync("compress", s_single, option, value, "-o", half);

        Assert.Equal(0, written.ExitCode);
        Assert.InRange((double)SizeOf(half) / SizeOf(s_single), 0.5, share);
        CommandLine result = await CommandLine.RunAsync("evaluate", half, "--data", Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz"), "--format", "json");
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(0.873, document.RootElement.GetProperty("metrics").GetProperty("top1").GetProperty("value").GetDouble()); // SOURCE.md: 87.3 %
        Assert.Equal(0, (await CommandLine.RunAsync("compare", s_single, half, "--min-sqnr", "40")).ExitCode); // types and casts alone differ
    }

    [Fact]
    public async Task Compress_ComputeAndScheme_PalettizesTheFloat16Program()
    {
        string both = _folder.At("both.mlpackage");

        CommandLine written = await CommandLine.RunAsync("compress", s_single, "--compute", "float16", "--scheme", "palettize(nbits=4)", "-o", both);

        Assert.Equal(0, written.ExitCode);
        MilTypeRules.Check(both);
        IndependentPackage package = IndependentPackageReader.Read(both);
        Assert.Equal(18, package.Operations.Count(type => type == "constexpr_lut_to_dense"));
        Assert.All(package.Types.Values, type => Assert.StartsWith("fp16", type, StringComparison.Ordinal));
    }

    // Every package of the reference, also those whose chains of operations no scheme describes.
    [Fact]
    public async Task Decompress_EveryFixture_IsPlainAndHoldsTheReferencesValues()
    {
        string[] packages = [.. Directory.GetDirectories(SharedData.PathOf("fixtures", "coreml"), "*.mlpackage").Order(StringComparer.Ordinal)];
        Assert.Equal(111, packages.Length);
        foreach (string package in packages)
        {
            string plain = _folder.At(Path.GetFileName(package));
            CommandLine result = await CommandLine.RunAsync("decompress", package, "-o", plain);
            if (package.EndsWith("_base.mlpackage", StringComparison.Ordinal))
            {
                Assert.Equal((2, $"{package}: found no compressed weight, expected a compressed model.\n"), (result.ExitCode, result.Error));
                continue;
            }

            Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
            IndependentPackage written = IndependentPackageReader.Read(plain);
            Assert.DoesNotContain(written.Operations, type => type.StartsWith("constexpr_", StringComparison.Ordinal));
            foreach ((string key, float[] values) in NpzFile.Read(Path.ChangeExtension(package, ".weights.npz")))
            {
                Assert.Equal(Array.ConvertAll(values, BitConverter.SingleToInt32Bits), Array.ConvertAll(written.Weights[key], BitConverter.SingleToInt32Bits));
            }
        }
    }

    private static long SizeOf(string package) => Directory.GetFiles(package, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    [Fact]
    public async Task Inspect_NeuralNetwork_SaysThatItIsTheOldKind()
    {
        CommandLine result = await CommandLine.RunAsync("inspect", SharedData.PathOf("data", "native", "mnist-ph1ps", "MNIST.mlmodel"));

        Assert.Contains("kind    neural network classifier in a file, specification version 1, runs from iOS11 on", result.Output, StringComparison.Ordinal);
        Assert.Contains("says    author: Philipp Gabriel", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("small.mlpackage", "found the extension '.mlpackage', expected '.mlmodel'")]
    [InlineData("small", "found no extension, expected '.mlmodel'")]
    public async Task Compress_NeuralNetworkIntoAPackage_IsRefusedBeforeWork(string name, string message)
    {
        string model = SharedData.PathOf("data", "native", "mnist-ph1ps", "MNIST.mlmodel");

        CommandLine result = await CommandLine.RunAsync("compress", model, "--scheme", "float16", "-o", _folder.At(name));

        Assert.Equal((2, $"{_folder.At(name)}: {message}: {model} is a neural network classifier in a file, and so is what is made of it.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compress_ComputeFloat16OfANeuralNetwork_IsRefusedInOneLine()
    {
        string model = SharedData.PathOf("data", "native", "mnist-ph1ps", "MNIST.mlmodel");

        CommandLine result = await CommandLine.RunAsync("compress", model, "--compute", "float16", "-o", _folder.At("half.mlmodel"));

        Assert.Equal(
            (2, $"{model}: found a neural network classifier, whose values have no types of their own, expected an ML program; '--scheme float16' stores its weights as float16.\n"), (result.ExitCode, result.Error));
    }

    // The same network in both kinds: its float32 weights came from float16 ones.
    [Fact]
    public async Task Compare_NeuralNetworkAndPackageOfOneNetwork_HaveTheSameWeights()
    {
        string network = SharedData.PathOf("data", "squeezenet11-imagenet", "neural-network", "SqueezeNet11_nn.mlmodel"), package = SharedData.PathOf("data", "squeezenet11-imagenet", "SqueezeNet11.mlpackage");

        CommandLine result = await CommandLine.RunAsync("compare", network, package, "--format", "json");

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement[] weights = [.. document.RootElement.GetProperty("weights").EnumerateArray()];
        Assert.Equal(52, weights.Length);
        Assert.All(weights, weight => Assert.True(weight.GetProperty("exact").GetBoolean()));
        Assert.Contains(document.RootElement.GetProperty("settings").EnumerateArray(), setting => setting.GetProperty("right").GetString() == "ML program in a package");
    }
}
