using System.Diagnostics;
using System.Globalization;
using SweepCluster.Cli;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Benchmarks.Large;

/// <summary>What the program needs for a package of 4 GB: seconds, and the most memory it had, in a process of its own.</summary>
/// <remarks><c>large [SCHEME ...]</c>, or <c>large uses</c> and <c>large float32</c> for everything else that goes through a package of float16 and of float32; <c>large network</c> for neural networks of one file.
/// Takes 15 GB of disk in the temporary folder.</remarks>
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
        if (schemes is ["uses"])
        {
            RunUses();
            return;
        }

        if (schemes is ["float32"])
        {
            RunFloat32();
            return;
        }

        if (schemes is ["network"])
        {
            RunNetwork();
            return;
        }

        using TemporaryFolder folder = new();
        string model = folder.At("large.mlpackage"), packed = folder.At("packed.mlpackage");
        Make(model, Layers, isFloat32: false);
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

    private static void RunUses()
    {
        using TemporaryFolder folder = new();
        string model = folder.At("large.mlpackage"), packed = folder.At("packed.mlpackage"), plain = folder.At("plain.mlpackage");
        Make(model, Layers, isFloat32: false);
        Written("prune", packed, "compress", model, "--scheme", "prune(target_sparsity=0.5)", "-o", packed);
        Measure("inspect --weight, the pruned result's largest", "inspect", packed, "--weight", $"weight_{Layers}_sparsified");
        Measure("compare, with the pruned result", "compare", model, packed);
        Written("decompress, the pruned result", plain, "decompress", packed, "-o", plain);
        Directory.Delete(plain, recursive: true);
        Directory.Delete(packed, recursive: true);
        Written("prune and palettize", packed, "compress", model, "--scheme", "prune(target_sparsity=0.5)+palettize(nbits=4)", "-o", packed);
        Directory.Delete(packed, recursive: true);
        Written("prune and int8", packed, "compress", model, "--scheme", "prune(target_sparsity=0.5)+quantize(dtype=int8, granularity=per_channel)", "-o", packed);
        Directory.Delete(packed, recursive: true);
        Written("int8", packed, "compress", model, "--scheme", s_schemes[0], "-o", packed);
        Measure("compare, with the int8 result", "compare", model, packed);
        Written("decompress, the int8 result", plain, "decompress", packed, "-o", plain);
    }

    private static void RunFloat32()
    {
        using TemporaryFolder folder = new();
        string model = folder.At("large.mlpackage"), packed = folder.At("packed.mlpackage");
        Make(model, Layers / 2, isFloat32: true);
        Written("--scheme float16", packed, "compress", model, "--scheme", "float16", "-o", packed);
        Measure("compare, with the float16 result", "compare", model, packed);
        Directory.Delete(packed, recursive: true);
        Written("--compute float16", packed, "compress", model, "--compute", "float16", "-o", packed);
        Measure("inspect --weight, of float32", "inspect", model, "--weight", $"weight_{Layers / 2}", "--format", "json");
    }

    // 1.07 GB of float32, which is half of what such a file may have; and one-bit tables that become as much.
    private static void RunNetwork()
    {
        const int Count = 16, Side = 4096;
        (int, int)[] layers = [.. Enumerable.Repeat((Side, Side), Count)];
        using TemporaryFolder folder = new();
        string model = folder.At("large.mlmodel"), tables = folder.At("tables.mlmodel"), packed = folder.At("packed.mlmodel"), plain = folder.At("plain.mlmodel");
        LargeNetwork.WriteFloat32(model, layers);
        LargeNetwork.WriteOneBit(tables, layers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(model).Length / 1e9:0.00} GB of float32, {new FileInfo(tables).Length / 1e9:0.00} GB of 1-bit tables"));
        Measure("inspect", "inspect", model);
        foreach (string scheme in (string[])["quantize(dtype=int8)", "palettize(nbits=4)", "float16"])
        {
            Written(scheme, packed, "compress", model, "--scheme", scheme, "-o", packed);
            Measure("inspect, the result", "inspect", packed);
            Measure("compare, with the result", "compare", model, packed);
            if (scheme != "float16") // which is plain
            {
                Written("decompress, the result", plain, "decompress", packed, "-o", plain);
            }

            File.Delete(plain);
            File.Delete(packed);
        }

        Written("decompress, the 1-bit tables", plain, "decompress", tables, "-o", plain);
        File.Delete(plain);
        File.Delete(tables);
        LargeNetwork.WriteOneBit(tables, [.. layers, .. layers, (Side, Side)]);
        Written("decompress, 1-bit tables that become more than 2 GB", plain, "decompress", tables, "-o", plain);
    }

    private static void Make(string model, int count, bool isFloat32)
    {
        Stopwatch made = Stopwatch.StartNew();
        LargePackage.Write(
            model, [(8192, 4096, true), .. Enumerable.Range(1, count - 1).Select(layer => layer % 2 == 0 ? (8192, 4096, true) : (4096, 8192, true)), (32768, 4096, true)], isFloat32);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SizeOf(model) / 1e9:0.00} GB of float{(isFloat32 ? 32 : 16)} made in {made.Elapsed.TotalSeconds:0.0} s"));
    }

    private static void Written(string name, string result, params string[] arguments)
    {
        Measure(name, arguments);
        Console.WriteLine(Path.Exists(result) ? string.Create(CultureInfo.InvariantCulture, $"  {SizeOf(result) / 1e9:0.00} GB written") : "  nothing written");
    }

    private static long SizeOf(string model) => File.Exists(model) ? new FileInfo(model).Length : new DirectoryInfo(model).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

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
