using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A package of 200 MB, half of it in layers of 8 MB and half in layers of 4 MB, made once for all tests that compress it.</summary>
public sealed class LargeModel : IAsyncLifetime, IDisposable
{
    /// <summary>Bytes by which packages of the same weights may differ: names in the program.</summary>
    internal const long Tolerance = 1 << 16;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The package.</summary>
    public string Path => _folder.At("large.mlpackage");

    /// <summary>The same, compressed by <c>quantize(dtype=int8, granularity=per_channel)</c>.</summary>
    public string Compressed => _folder.At("compressed.mlpackage");

    /// <summary>Makes both.</summary>
    public async Task InitializeAsync()
    {
        LargePackage.Write(Path, [.. Enumerable.Repeat((2048, 2048, true), 12), .. Enumerable.Range(0, 24).Select(layer => layer % 2 == 0 ? (1024, 2048, true) : (2048, 1024, true))]);
        CommandLine result = await CommandLine.RunAsync("compress", Path, "--scheme", "quantize(dtype=int8, granularity=per_channel)", "-o", Compressed);
        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
    }

    /// <summary>Nothing to do.</summary>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Deletes everything.</summary>
    public void Dispose() => _folder.Dispose();
}
