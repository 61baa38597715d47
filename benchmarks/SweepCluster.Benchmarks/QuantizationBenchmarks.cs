using BenchmarkDotNet.Attributes;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Benchmarks;

/// <summary>Linear quantization of 64 M weights, beyond the last cache, beside a plain copy of the same weights into an array that is allocated the same way. The job "Scalar" runs the same code without vector instructions.</summary>
/// <remarks>Floor of a scheme: bytes of the weights plus bytes of codes and scales, at the bytes that the copy reads and writes in its time. Freed memory is kept, so that neither side pays for new pages.</remarks>
[VectorAndScalar(8, 15)]
[MemoryDiagnoser]
public class QuantizationBenchmarks
{
    private const int Side = 8192;

    private byte[] _bytes = [];
    private Weight _weight = null!;
    private Scheme _scheme = null!;

    [Params("float16", "float32")]
    public string Type { get; set; } = "";

    [Params(
        "quantize(dtype=int8)",
        "quantize(dtype=int4, granularity=per_block)",
        "quantize(dtype=int8, granularity=per_tensor)",
        "quantize(mode=linear, dtype=uint8)",
        "quantize(dtype=int12)")]
    public string Scheme { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        ElementType type = Type == "float16" ? ElementType.Float16 : ElementType.Float32;
        Random random = new(20261120);
        float[] row = new float[Side];
        for (int i = 0; i < Side; i++)
        {
            row[i] = (float)(0.05 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        // Every row the same values from another place on.
        byte[] stored = TensorData.FromFloats(type, new Shape(Side), row).Bytes.ToArray();
        int width = stored.Length / Side;
        _bytes = new byte[(long)stored.Length * Side];
        for (int i = 0; i < Side; i++)
        {
            int turn = i * width;
            stored.AsSpan(turn).CopyTo(_bytes.AsSpan(i * stored.Length));
            stored.AsSpan(0, turn).CopyTo(_bytes.AsSpan((i * stored.Length) + stored.Length - turn));
        }

        _weight = new Weight("w", new DenseWeight(type, new TensorData(type, new Shape(Side, Side), _bytes)), [new("y", "linear", "weight")], 0, 1);
        _scheme = SchemeText.Parse(Scheme);
    }

    [Benchmark]
    public CompressedWeight Compress() => Compressors.Compress(new PreparedWeight(_weight), _scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

    [Benchmark]
    public byte[] Copy()
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(_bytes.Length);
        _bytes.AsSpan().CopyTo(copy);
        return copy;
    }
}
