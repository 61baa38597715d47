using BenchmarkDotNet.Attributes;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Benchmarks;

/// <summary>Palettes of vectors and of rules on 10 M weights as 20 layers of 704 x 704, as the reference was measured, on one thread and from the stored bytes. The job "Scalar" runs the same code without vector instructions.</summary>
[VectorAndScalar(2, 5)]
[MemoryDiagnoser]
public class PaletteBenchmarks
{
    private const int Layers = 20;
    private const int Extent = 704;

    private readonly Weight[] _weights = new Weight[Layers];
    private Scheme _scheme = null!;

    [Params(
        "palettize(nbits=4, cluster_dim=2)",
        "palettize(nbits=8, cluster_dim=2)",
        "palettize(nbits=6, cluster_dim=4)",
        "palettize(nbits=4, cluster_dim=2, granularity=per_grouped_channel, group_size=16)",
        "palettize(mode=uniform, nbits=4)",
        "palettize(mode=uniform, nbits=8)",
        "palettize(mode=uniform, nbits=4, compat=coremltools)",
        "palettize(mode=custom, lut=nf4, granularity=per_grouped_channel, group_size=16)",
        "palettize(nbits=4, enable_per_channel_scale=true)",
        "palettize(nbits=4, lut_dtype=int8)")]
    public string Scheme { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        for (int layer = 0; layer < Layers; layer++)
        {
            Shape shape = new(Extent, Extent);
            _weights[layer] = new Weight($"w{layer}", new DenseWeight(ElementType.Float16, TensorData.FromFloat16(shape, Values(layer))), [new("y", "linear", "weight")], 0, 1);
        }

        _scheme = SchemeText.Parse(Scheme);
    }

    [Benchmark]
    public long Compress()
    {
        long bytes = 0;
        foreach (Weight weight in _weights)
        {
            bytes += Compressors.Compress(new PreparedWeight(weight), _scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None).PayloadBytes;
        }

        return bytes;
    }

    // Normal and Laplace values by turns, each channel with a gain of its own.
    internal static float[] Values(int seed)
    {
        Random random = new(20261120 + seed);
        float[] values = new float[Extent * Extent];
        for (int row = 0; row < Extent; row++)
        {
            double gain = 0.05 * Math.Exp(random.NextDouble() - 0.5);
            for (int i = row * Extent; i < (row + 1) * Extent; i++)
            {
                double radius = -Math.Log(1 - random.NextDouble()), angle = random.NextDouble();
                values[i] = (float)(gain * (i % 2 == 0 ? Math.Sqrt(2 * radius) * Math.Cos(2 * Math.PI * angle) : angle < 0.5 ? -radius : radius));
            }
        }

        return values;
    }
}
