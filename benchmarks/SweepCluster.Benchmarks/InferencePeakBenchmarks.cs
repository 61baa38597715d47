using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;

namespace SweepCluster.Benchmarks;

/// <summary>The floor under every network: fused multiply-adds that touch no memory. One call is 2 * 16 * 12 * 1,000,000 floating-point operations.</summary>
[InProcess, MinColumn, WarmupCount(5), IterationCount(60), InvocationCount(1)]
public class InferencePeakBenchmarks
{
    public const int Rounds = 1_000_000;

    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Peak()
    {
        Vector512<float> factor = Vector512.Create(0.5f), one = Vector512.Create(1f);
        Vector512<float> a = one, b = one, c = one, d = one, e = one, f = one, g = one, h = one, i = one, j = one, k = one, l = one;
        for (int round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, factor, one);
            b = Vector512.FusedMultiplyAdd(b, factor, one);
            c = Vector512.FusedMultiplyAdd(c, factor, one);
            d = Vector512.FusedMultiplyAdd(d, factor, one);
            e = Vector512.FusedMultiplyAdd(e, factor, one);
            f = Vector512.FusedMultiplyAdd(f, factor, one);
            g = Vector512.FusedMultiplyAdd(g, factor, one);
            h = Vector512.FusedMultiplyAdd(h, factor, one);
            i = Vector512.FusedMultiplyAdd(i, factor, one);
            j = Vector512.FusedMultiplyAdd(j, factor, one);
            k = Vector512.FusedMultiplyAdd(k, factor, one);
            l = Vector512.FusedMultiplyAdd(l, factor, one);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
