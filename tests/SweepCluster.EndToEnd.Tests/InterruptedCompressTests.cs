using System.Security.Cryptography;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>The program compresses what is larger than its memory may be, and whenever it is killed, interrupted or out of room, the target is absent or whole.</summary>
public sealed class InterruptedCompressTests(LargeModel large) : IClassFixture<LargeModel>, IDisposable
{
    private const string Scheme = "quantize(dtype=int8, granularity=per_channel)";
    private const int Kills = 4, MostAttempts = 16;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("quantize(dtype=int8, granularity=per_channel)")]
    [InlineData("palettize(nbits=4, granularity=per_grouped_channel, group_size=16)")]
    public async Task Compress_PackageOf200MB_NeedsAHeapOfAThirdOfIt(string scheme)
    {
        string target = _folder.At("small.mlpackage"), plain = _folder.At("plain.mlpackage");
        Dictionary<string, string> heap = new(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = $"0x{64 << 20:x}", ["DOTNET_PROCESSOR_COUNT"] = "2" };

        using SweepProcess process = new([], heap, "compress", large.Path, "--scheme", scheme, "-o", target);
        CommandLine result = await process.FinishAsync();
        using SweepProcess back = new([], heap, "decompress", target, "-o", plain);
        CommandLine decompressed = await back.FinishAsync();

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Equal((0, string.Empty), (decompressed.ExitCode, decompressed.Error));
        Assert.Equal([plain, target], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        Assert.InRange(SizeOf(plain) - SizeOf(large.Path), -LargeModel.Tolerance, LargeModel.Tolerance);
    }

    // A network's weights stand in its one message, and become 32 times as long; few large ones and very many small ones.
    [Theory]
    [InlineData(16, 2048)]
    [InlineData(1600, 192)]
    public async Task Decompress_NetworkOfOneBitTables_NeedsNoHeapForItsValues(int layers, int side)
    {
        string model = _folder.At("tables.mlmodel"), plain = _folder.At("plain.mlmodel");
        LargeNetwork.WriteOneBit(model, [.. Enumerable.Repeat((side, side), layers)]);
        Dictionary<string, string> heap = new(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = $"0x{64 << 20:x}", ["DOTNET_PROCESSOR_COUNT"] = "2" };

        using SweepProcess process = new([], heap, "decompress", model, "-o", plain);
        CommandLine result = await process.FinishAsync();

        Assert.Equal((0, string.Empty), (result.ExitCode, result.Error));
        Assert.Equal([plain, model], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        Assert.InRange(new FileInfo(plain).Length, sizeof(float) * (long)layers * side * side, sizeof(float) * (long)layers * side * side * 1.01);
    }

    [Fact]
    public async Task Compress_KilledAgainAndAgain_LeavesTheTargetAbsentOrWholeAndTheNextOneTidiesUp()
    {
        string target = _folder.At("small.mlpackage");
        int left = 0;
        for (int attempt = 0; attempt < Kills || (left == 0 && attempt < MostAttempts); attempt++) // a write may end before it is killed
        {
            string[] stale = Written();
            using SweepProcess process = new("compress", large.Path, "--scheme", Scheme, "-o", target);
            await WaitForWriteAsync(process, stale, attempt % Kills * SizeOf(large.Compressed) / Kills); // from nothing to most of it
            process.Kill();
            await process.FinishAsync();
            left += Written().Except(stale).Count();
            Assert.InRange(Written().Length, 0, 1); // each removes what the one before has left
            if (Directory.Exists(target))
            {
                Assert.Equal(HashOf(large.Compressed), HashOf(target));
                Directory.Delete(target, recursive: true);
            }
        }

        Assert.NotEqual(0, left); // some were killed in the middle of a write
        CommandLine last = await CommandLine.RunAsync("compress", large.Path, "--scheme", Scheme, "-o", target);

        Assert.Equal((0, string.Empty), (last.ExitCode, last.Error));
        Assert.Equal([target], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(HashOf(large.Compressed), HashOf(target));
    }

    [Fact]
    public async Task Compress_ControlCWhileItWrites_ExitsWith130AndLeavesNothing()
    {
        CommandLine result;
        int attempt = 0;
        do
        {
            using SweepProcess process = new("compress", large.Path, "--scheme", Scheme, "-o", _folder.At($"small{attempt}.mlpackage"));
            await WaitForWriteAsync(process, [], 1, $"small{attempt}.mlpackage");
            process.PressControlC();
            result = await process.FinishAsync();
        }
        while (TookTooLong(result, _folder.At($"small{attempt++}.mlpackage")) && attempt < MostAttempts);

        Assert.Equal((130, "Interrupted.\n"), (result.ExitCode, result.Error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(20)] // MB: less than the finished weights take on their way
    [InlineData(90)] // enough for those, but not for the target
    public async Task Compress_WithoutRoom_SaysSoInOneLineAndLeavesNothing(int megabytes)
    {
        string target = _folder.At("small.mlpackage");
        string limit = $"trap '' XFSZ; ulimit -f {megabytes * 1_000_000 / 512}; exec \"$@\""; // no file can grow beyond, and the signal that would kill is ignored
        Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["DOTNET_EnableWriteXorExecute"] = "0" }; // needs a large file of the runtime's own

        using SweepProcess process = new(["/bin/sh", "-c", limit, "sh"], variables, "compress", large.Path, "--scheme", Scheme, "--weight-threshold", "3000000", "-o", target);
        CommandLine result = await process.FinishAsync();

        Assert.StartsWith($"{target}: writing failed (", result.Error, StringComparison.Ordinal);
        Assert.DoesNotMatch("\\.(writing|spill)", result.Error); // the person's path, not the one beside it
        Assert.Equal((1, 1), (result.ExitCode, result.Error.Count(letter => letter == '\n')));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    // The write had ended when the signal came: nothing is learned from that.
    private static bool TookTooLong(CommandLine result, string target)
    {
        bool isWhole = result.ExitCode == 0 && Directory.Exists(target);
        if (isWhole)
        {
            Directory.Delete(target, recursive: true);
        }

        return isWhole;
    }

    private string[] Written(string name = "small.mlpackage") => Directory.GetDirectories(_folder.Path, $".{name}.*.writing");

    // The moment is a state of the folder, not a time: so many bytes written beside the target.
    private async Task WaitForWriteAsync(SweepProcess process, string[] stale, long bytes, string name = "small.mlpackage")
    {
        while (!process.HasExited && Written(name).Except(stale).Sum(SizeOf) < Math.Max(bytes, 1) && !Directory.Exists(_folder.At(name)))
        {
            await Task.Delay(1);
        }
    }

    private static long SizeOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            return 0; // it was renamed meanwhile
        }
    }

    private static string HashOf(string package) => string.Join('\n', Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories)
        .Select(file => $"{Path.GetRelativePath(package, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}").Order(StringComparer.Ordinal));
}
