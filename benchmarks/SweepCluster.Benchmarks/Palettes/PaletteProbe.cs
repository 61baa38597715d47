using System.Diagnostics;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Benchmarks.Palettes;

/// <summary>The goals for scalar palettes, by stopwatch: from the stored bytes to the stored form, nothing prepared before, the smallest time of several.</summary>
/// <remarks>Parts: <c>half</c> (1 M float16), <c>single</c> (1 M float32, and what one call allocates in a process that has only warmed up on a small weight, which holds its peak from above),
/// <c>layers</c> (10 M float16 in 20 layers), <c>network</c> (ResNet-50's shapes under 20 schemes on two cores).</remarks>
internal static class PaletteProbe
{
    private const string Group16 = ", granularity=per_grouped_channel, group_size=16)";

    private static readonly string[] s_networkSchemes =
    [
        "palettize(nbits=1)", "palettize(nbits=2)", "palettize(nbits=3)", "palettize(nbits=4)", "palettize(nbits=6)", "palettize(nbits=8)",
        .. new[] { 2, 4, 6, 8 }.Select(bits => $"palettize(nbits={bits}, granularity=per_grouped_channel, group_size=32)"),
        .. new[] { 1, 3, 4 }.Select(bits => $"palettize(nbits={bits}{Group16}"),
        "quantize(dtype=int8, granularity=per_tensor)", "quantize(dtype=int8)", "quantize(dtype=int4)", "quantize(mode=linear, dtype=uint8)", "quantize(dtype=int4, granularity=per_block)",
        "prune(target_sparsity=0.5)", "prune(target_sparsity=0.75)",
    ];

    internal static void Run(string[] parts)
    {
        Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");
        foreach (string part in parts.Length > 0 ? parts : ["single", "half", "layers", "network"])
        {
            switch (part)
            {
                case "half": Half(); break;
                case "single": Single(); break;
                case "layers": Layers(); break;
                case "network": Network(); break;
                default: throw new ArgumentException($"No part is named {part}.", nameof(parts));
            }
        }

        Floor();
    }

    private static void Half()
    {
        Weight weight = ProbeWeights.Of(ElementType.Float16, new Shape(1024, 1024), 1);
        foreach (string scheme in new[] { "palettize(nbits=4)", "palettize(nbits=6)", "palettize(nbits=8)", "palettize(nbits=4" + Group16, "palettize(nbits=8" + Group16 })
        {
            Show($"1 M float16, {scheme}", 30, () => Compress(weight, scheme));
        }

        Show("1 M float16, 4 bits group 16, two threads", 30, () => Compress(weight, "palettize(nbits=4" + Group16, 2));
    }

    private static void Single()
    {
        Weight small = ProbeWeights.Of(ElementType.Float32, new Shape(16, 16), 1), weight = ProbeWeights.Of(ElementType.Float32, new Shape(1024, 1024), 1);
        foreach (string scheme in new[] { "palettize(nbits=4)", "palettize(nbits=6)", "palettize(nbits=8)", "palettize(nbits=4, distinct=binned)", "palettize(nbits=8, distinct=binned)", "palettize(nbits=4" + Group16 })
        {
            Compress(small, scheme);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Compress(weight, scheme);
            Console.WriteLine($"1 M float32, {scheme}: one call allocates {(GC.GetTotalAllocatedBytes(precise: true) - before) / 1e6:0.0} MB");
            Show($"1 M float32, {scheme}", 7, () => Compress(weight, scheme));
        }
    }

    private static void Layers()
    {
        Weight[] layers = [.. Enumerable.Range(0, 20).Select(i => ProbeWeights.Of(ElementType.Float16, new Shape(707, 707), i))];
        Weight[] divisible = [.. Enumerable.Range(0, 20).Select(i => ProbeWeights.Of(ElementType.Float16, new Shape(704, 704), i))];
        foreach (int bits in new[] { 4, 6, 8 })
        {
            Show($"20 layers 707 x 707 float16, {bits} bits", 10, () => Array.ForEach(layers, layer => Compress(layer, $"palettize(nbits={bits})")));
        }

        foreach (int bits in new[] { 4, 6, 8 })
        {
            Show($"20 layers 704 x 704 float16, {bits} bits, group 16", 5, () => Array.ForEach(divisible, layer => Compress(layer, $"palettize(nbits={bits}{Group16}")));
        }
    }

    private static void Network()
    {
        Weight[] layers = ProbeWeights.ResNet50();
        Scheme[] schemes = Array.ConvertAll(s_networkSchemes, SchemeText.Parse);
        Console.WriteLine($"network of {layers.Length} layers, {layers.Sum(layer => layer.Shape.ElementCount)} weights, {schemes.Length} schemes; refused: {layers.Sum(layer => schemes.Count(scheme => Compressors.Refuses(layer, scheme) is not null))} cells");
        foreach (int threads in new[] { 1, 2 })
        {
            Show($"network on {threads} cores", 3, () => Parallel.ForEach(layers, new ParallelOptions { MaxDegreeOfParallelism = threads }, layer =>
            {
                PreparedWeight prepared = new(layer);
                foreach (Scheme scheme in schemes.Where(scheme => Compressors.Refuses(layer, scheme) is null))
                {
                    Compressors.Compress(prepared, scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);
                }
            }));
        }

        foreach (Scheme scheme in schemes)
        {
            Show($"network, one core, {scheme.Canonical}", 2, () => Array.ForEach(layers, layer =>
            {
                if (Compressors.Refuses(layer, scheme) is null)
                {
                    Compressors.Compress(new PreparedWeight(layer), scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);
                }
            }));
        }
    }

    private static void Floor()
    {
        byte[] from = new byte[256 << 20], to = new byte[256 << 20];
        from.AsSpan().Fill(1);
        to.AsSpan().Fill(2);
        Show("copy of 256 MiB", 8, () => from.AsSpan().CopyTo(to));
    }

    private static CompressedWeight Compress(Weight weight, string scheme, int threads = 1) =>
        Compressors.Compress(new PreparedWeight(weight), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType, threads), CancellationToken.None);

    private static void Show(string what, int times, Action work)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine($"{what}: {best:0.00} ms");
    }
}
