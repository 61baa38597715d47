using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Benchmarks;

/// <summary>Pruning of 64 M normal weights, beyond the last cache, beside a plain copy of the same bytes. The job "Scalar" runs the same code without vector instructions.
/// Floors, at half the elements kept: a copy moves 4 (float16) or 8 bytes an element; pruning reads 2 or 4, writes 1/8 of mask and 1 or 2 of values, so that the copy's bandwidth is reached at
/// 0.78 or 0.77 of the copy's time.</summary>
/// <remarks>The kernels write where they wrote before, as <see cref="Copy"/> does. <see cref="Compress"/> and <see cref="Decode"/> allocate what they give, as <see cref="CopyToNew"/> does; freed memory is
/// kept, so that no side pays for new pages.</remarks>
[VectorAndScalar(3, 10)]
[MemoryDiagnoser]
public class PruningBenchmarks
{
    private const int Count = 64 << 20;
    private const float Median = 0.0337f; // of magnitudes of normal values of deviation 0.05

    private byte[] _source = [];
    private byte[] _copy = [];
    private byte[] _mask = [];
    private byte[] _kept = [];
    private Weight _weight = null!;
    private SparseWeight _sparse = null!;

    [Params("float16", "float32")]
    public string Type { get; set; } = "";

    private bool IsHalf => Type == "float16";

    [GlobalSetup]
    public void Prepare()
    {
        ElementType type = IsHalf ? ElementType.Float16 : ElementType.Float32;
        TensorData stored = TensorData.FromFloats(type, new Shape(8192, Count / 8192), Normal());
        _source = stored.Bytes.ToArray();
        _copy = new byte[_source.Length];
        _kept = new byte[_source.Length];
        _mask = new byte[SparsePacking.MaskLength(Count)];
        _weight = new Weight("w", new DenseWeight(type, stored), [new("y", "linear", "weight")], 0, 1);
        _sparse = (SparseWeight)Prune("prune(target_sparsity=0.5)");
    }

    [Benchmark]
    public void Copy() => _source.AsSpan().CopyTo(_copy);

    [Benchmark]
    public byte[] CopyToNew()
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(_source.Length);
        _source.AsSpan().CopyTo(copy);
        return copy;
    }

    [Benchmark]
    public int PackKernel() => IsHalf
        ? SparsePacking.TryPack(Cast<ushort>(_source), BitConverter.HalfToUInt16Bits((Half)Median), _mask, Cast<ushort>(_kept), out _)
        : SparsePacking.TryPack(Cast<uint>(_source), BitConverter.SingleToUInt32Bits(Median), _mask, Cast<uint>(_kept), out _);

    [Benchmark]
    public object SelectKernel() => IsHalf
        ? MagnitudeSelection.AtRank<ushort>(_source, Count / 2, 1)
        : MagnitudeSelection.AtRank<uint>(_source, Count / 2, 1);

    [Benchmark]
    public int ExpandKernel() => IsHalf
        ? SparsePacking.Expand<ushort>(_sparse.Mask.Bytes.Span, Cast<ushort>(_sparse.Values.Bytes), Cast<ushort>(_copy))
        : SparsePacking.Expand<uint>(_sparse.Mask.Bytes.Span, Cast<uint>(_sparse.Values.Bytes), Cast<uint>(_copy));

    [Benchmark]
    [Arguments("prune(threshold=0.0337, minimum_sparsity_percentile=0.25)")]
    [Arguments("prune(target_sparsity=0.5)")]
    [Arguments("prune(target_sparsity=0.5, ties=exact)")]
    [Arguments("prune(n_m_ratio=2:4)")]
    [Arguments("prune(target_sparsity=0.5, block_size=4)")]
    public CompressedWeight Compress(string scheme) => Prune(scheme);

    [Benchmark]
    public float[] Decode() => Decompressor.ToFloat32(_sparse);

    private CompressedWeight Prune(string scheme) =>
        Compressors.Compress(new PreparedWeight(_weight), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

    private static Span<T> Cast<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes.AsSpan());

    private static ReadOnlySpan<T> Cast<T>(ReadOnlyMemory<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes.Span);

    // A million normal values of deviation 0.05, each million a little wider than the one before.
    private static float[] Normal()
    {
        Random random = new(20261120);
        float[] values = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            values[i] = i < 1 << 20
                ? (float)(0.05 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))
                : values[i & ((1 << 20) - 1)] * (1 + ((i >> 20) * 1e-3f));
        }

        return values;
    }
}
