using System.Diagnostics;
using System.Globalization;
using SweepCluster.Cli;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Benchmarks.Large;

/// <summary>What the program needs for a package of 4 GB: seconds, and the most memory it had, in a process of its own.</summary>
/// <remarks><c>large [SCHEME ...]</c>. Takes about 10 GB of disk in the temporary folder.</remarks>
internal static class LargePackages
{
    private const int Layers = 60, Poll = 10;

    private static readonly string[] s_schemes =
    [
        "quantize(dtype=int8, granularity=per_channel)",
        "quantize(dtype=int4, granularity=per_block, block_size=32)",
        "palettize(nbits=4, granularity=per_grouped_channel, group_size=16)",
    ];

    public static void Run(string[] schemes)
    {
        using TemporaryFolder folder = new();
        string model = folder.At("large.mlpackage"), packed = folder.At("packed.mlpackage");
        (int Rows, int Columns, bool HasValues)[] layers =
        [
            (8192, 4096, true), .. Enumerable.Range(1, Layers - 1).Select(layer => layer % 2 == 0 ? (8192, 4096, true) : (4096, 8192, true)), (32768, 4096, true),
        ];
        Stopwatch made = Stopwatch.StartNew();
        LargePackage.Write(model, layers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SizeOf(model) / 1e9:0.00} GB made in {made.Elapsed.TotalSeconds:0.0} s"));
        foreach (string scheme in schemes.Length > 0 ? schemes : s_schemes)
        {
            Measure(scheme, "compress", model, "--scheme", scheme, "-o", packed);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {SizeOf(packed) / 1e9:0.00} GB written"));
            if (scheme == s_schemes[0])
            {
                Measure("inspect", "inspect", packed);
                Measure("decompress", "decompress", packed, "-o", folder.At("plain.mlpackage"));
                Directory.Delete(folder.At("plain.mlpackage"), recursive: true);
            }

            Directory.Delete(packed, recursive: true);
        }
    }

    private static long SizeOf(string package) => new DirectoryInfo(package).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Measure(string name, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [typeof(SweepProgram).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
        };
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long peak = 0, anonymous = 0;
        TimeSpan compute = default;
        while (!process.WaitForExit(Poll))
        {
            foreach (string line in Status(process.Id))
            {
                peak = Math.Max(peak, Kibibytes(line, "VmHWM:"));
                anonymous = Math.Max(anonymous, Kibibytes(line, "RssAnon:"));
            }

            compute = ComputeOf(process, compute);
        }

        _ = output.Result;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: exit code {process.ExitCode}, {watch.Elapsed.TotalSeconds:0.0} s, CPU {compute.TotalSeconds:0.0} s, peak resident {peak / 1024} MiB, of it anonymous at most {anonymous / 1024} MiB"));
    }

    private static TimeSpan ComputeOf(Process process, TimeSpan last)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return last; // it has ended
        }
    }

    private static string[] Status(int processId)
    {
        try
        {
            return File.ReadAllLines($"/proc/{processId}/status");
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }

    private static long Kibibytes(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal) ? long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) : 0;
}
