using BenchmarkDotNet.Attributes;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Benchmarks;

/// <summary>One scheme on 1,048,576 normal weights, from the stored bytes to the stored form, nothing prepared before. The job "Scalar" runs the same code without vector instructions.</summary>
[VectorAndScalar(5, 10)]
[MemoryDiagnoser]
public class CompressionBenchmarks
{
    private Weight _weight = null!;
    private Scheme _scheme = null!;

    [Params("float16", "float32")]
    public string Type { get; set; } = "";

    [Params(
        "palettize(nbits=4)",
        "palettize(nbits=6)",
        "palettize(nbits=8)",
        "palettize(nbits=4, granularity=per_grouped_channel, group_size=16)",
        "quantize(dtype=int8)",
        "quantize(mode=linear, dtype=uint8)",
        "quantize(dtype=int4, granularity=per_block)",
        "prune(target_sparsity=0.5)",
        "palettize(nbits=4, distinct=binned)")]
    public string Scheme { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        Shape shape = new(1024, 1024);
        ElementType type = Type == "float16" ? ElementType.Float16 : ElementType.Float32;
        _weight = new Weight("w", new DenseWeight(type, TensorData.FromFloats(type, shape, Normal(1024 * 1024))), [new("y", "linear", "weight")], 0, 1);
        _scheme = SchemeText.Parse(Scheme);
    }

    [Benchmark]
    public CompressedWeight Compress() => Compressors.Compress(new PreparedWeight(_weight), _scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

    // Standard deviation 0.05, as trained convolutions have it.
    private static float[] Normal(int count)
    {
        Random random = new(20261120);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(0.05 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
