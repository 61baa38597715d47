using BenchmarkDotNet.Attributes;

namespace SweepCluster.Benchmarks;

/// <summary>A plain copy beyond the last cache: the memory bandwidth that compression's floors are computed from (bytes read plus bytes written).</summary>
public class CompressionFloorBenchmarks
{
    private readonly byte[] _from = new byte[256 << 20];
    private readonly byte[] _to = new byte[256 << 20];

    [GlobalSetup]
    public void Touch()
    {
        _from.AsSpan().Fill(1);
        _to.AsSpan().Fill(2);
    }

    [Benchmark]
    public void Copy256MiB() => _from.AsSpan().CopyTo(_to);
}
