using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Commands that need no sweep: inspect, evaluate, compress, decompress.</summary>
public sealed class OneShotTests : IDisposable
{
    private static readonly string s_model = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
    private static readonly string s_data = Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_SampleModel_HasTheAccuracyOfItsSource()
    {
        CommandLine result = await CommandLine.RunAsync("evaluate", s_model, "--data", s_data, "--format", "json");

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(0.873, document.RootElement.GetProperty("metrics").GetProperty("top1").GetProperty("value").GetDouble()); // SOURCE.md: 87.3 %
    }

    [Fact]
    public async Task Compress_PathRelativeToTheWorkingFolder_WritesTheSamePackage()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, s_model);
        foreach ((string model, string name) in new[] { (s_model, "absolute.mlpackage"), (relative, "relative.mlpackage") })
        {
            CommandLine result = await CommandLine.RunAsync("compress", model, "--scheme", "palettize(nbits=4)", "-o", _folder.At(name));
            Assert.Equal(0, result.ExitCode);
        }

        string[] files = [.. Directory.EnumerateFiles(_folder.At("absolute.mlpackage"), "*", SearchOption.AllDirectories)];
        Assert.Equal(3, files.Length);
        foreach (string file in files)
        {
            string other = file.Replace("absolute.mlpackage", "relative.mlpackage", StringComparison.Ordinal);
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(other));
        }
    }

    [Theory]
    [InlineData("palettize(nbits=3, granularity=per_grouped_channel, group_size=8)", "constexpr_lut_to_dense")]
    [InlineData("quantize(dtype=uint4, mode=linear, granularity=per_block, block_size=16)", "constexpr_blockwise_shift_scale")]
    [InlineData("prune(target_sparsity=0.6)", "constexpr_sparse_to_dense")]
    public async Task Compress_EachFamily_IsDecodedAlikeByAnIndependentReader(string scheme, string operation)
    {
        string package = _folder.At("small.mlpackage");
        string plain = _folder.At("plain.mlpackage");

        Assert.Equal(0, (await CommandLine.RunAsync("compress", s_model, "--scheme", scheme, "-o", package)).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("decompress", package, "-o", plain)).ExitCode);

        IndependentPackage small = IndependentPackageReader.Read(package);
        Assert.Contains(small.Operations, name => name == operation);
        IndependentPackage decoded = IndependentPackageReader.Read(plain);
        Assert.DoesNotContain(decoded.Operations, name => name.StartsWith("constexpr_", StringComparison.Ordinal));
        foreach ((string key, float[] values) in small.Weights)
        {
            Assert.Equal(Array.ConvertAll(values, BitConverter.SingleToInt32Bits), Array.ConvertAll(decoded.Weights[key], BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public async Task Inspect_CompressedPackage_ShowsHowEachWeightIsStored()
    {
        string package = _folder.At("small.mlpackage");
        await CommandLine.RunAsync("compress", s_model, "--scheme", "palettize(nbits=4, granularity=per_grouped_channel, group_size=16)", "-o", package);

        CommandLine result = await CommandLine.RunAsync("inspect", package);

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Contains("palette, 4 bits, 4 tables", result.Output, StringComparison.Ordinal); // 64 channels in groups of 16
        Assert.Contains("271,696 elements", result.Output, StringComparison.Ordinal);
    }
}
