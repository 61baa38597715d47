using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Pooling;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Tests.Pooling;

public sealed class PoolerTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 0 }, { 7, 2, 2, 0 }, { 9, 3, 2, 0 }, { 9, 3, 2, 1 }, { 8, 3, 1, 1 }, { 13, 5, 3, 2 }, { 6, 6, 6, 0 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Run_AnyShape_EveryPathMatchesScalarBitForBit(int size, int kernel, int stride, int pad)
    {
        int positions = ((size + (2 * pad) - kernel) / stride) + 1;
        FeatureMap input = new(20, size, size, 16, 1, 2, 0, 1), output = new(20, positions, positions, 16, 0, 1, 2, 0);
        PoolGeometry geometry = new(input, output, kernel, kernel, stride, stride, pad, pad, pad, pad);
        float[] values = Samples.LayOut(input, Samples.Floats(2 * 20 * size * size, 11), 2);
        foreach (VectorPath path in VectorPaths.All)
        {
            Assert.Equal(Run(geometry, values, VectorPath.Scalar, null), Run(geometry, values, path, null));
            Assert.Equal(Run(geometry, values, VectorPath.Scalar, false), Run(geometry, values, path, false));
            Assert.Equal(Run(geometry, values, VectorPath.Scalar, true), Run(geometry, values, path, true));
        }
    }

    [Fact]
    public void SumOfSquares_WorkedByHand_IsTheSameOnEveryPath()
    {
        foreach (VectorPath path in VectorPaths.All)
        {
            Assert.Equal([1f, 13, 65, 206], Plain(3, 2, 2, 2, 1, (g, i, o, n, _) => Pooler.SumOfSquares(g, i, o, n, path), [1, 2, 3, 4, 5, 6, 7, 8, 9]));
        }
    }

    [Fact]
    public void Max_WorkedByHand_IgnoresPadding() =>
        Assert.Equal([-1, -2, -4, -5], Plain(3, 2, 3, 2, 1, Pooler.Max, [-1, -2, -3, -4, -5, -6, -7, -8, -9]));

    [Fact]
    public void Max_NaNAnywhereInTheWindow_GivesNaN()
    {
        FeatureMap input = new(20, 2, 2, 16), output = new(20, 1, 1, 16);
        foreach (VectorPath path in VectorPaths.All)
        {
            for (int place = 0; place < 4; place++)
            {
                float[] plain = Samples.Floats(80, 13), values = new float[output.SampleLength], actual = new float[20];
                plain[(18 * 4) + place] = float.NaN;

                Pooler.Max(new(input, output, 2, 2), Samples.LayOut(input, plain, 1), values, 1, path);
                MapLayout.ToPlain(output, values, actual, 1);

                Assert.Equal(Enumerable.Range(0, 20).Select(channel => channel == 18 ? float.NaN : plain[(channel * 4)..((channel * 4) + 4)].Max()), actual);
            }
        }
    }

    [Fact]
    public void Average_PaddingExcluded_DividesByWhatIsInside() =>
        Assert.Equal([1, 2.5f, 5.5f, 7], Plain(3, 2, 2, 2, 1, (g, i, o, n, p) => Pooler.Average(g, i, o, n, true, p), [1, 2, 3, 4, 5, 6, 7, 8, 9]));

    [Fact]
    public void Average_PaddingIncluded_DividesByTheWholeWindow() =>
        Assert.Equal([0.25f, 1.25f, 2.75f, 7], Plain(3, 2, 2, 2, 1, (g, i, o, n, p) => Pooler.Average(g, i, o, n, false, p), [1, 2, 3, 4, 5, 6, 7, 8, 9]));

    [Fact]
    public void Max_WindowWithoutAnElement_Refuses()
    {
        FeatureMap input = new(16, 4, 4, 16), output = new(16, 4, 4, 16);

        Assert.Throws<ArgumentException>(() => Pooler.Max(new(input, output, 2, 2, 2, 2), new float[input.SampleLength], new float[output.SampleLength], 1, VectorPaths.Best));
    }

    private delegate void Pool(PoolGeometry geometry, ReadOnlySpan<float> input, Span<float> output, int samples, VectorPath path);

    private static float[] Plain(int size, int positions, int kernel, int stride, int pad, Pool pool, float[] plain)
    {
        FeatureMap input = new(1, size, size, 16), output = new(1, positions, positions, 16);
        float[] values = new float[output.SampleLength], result = new float[positions * positions];
        pool(new(input, output, kernel, kernel, stride, stride, pad, pad), Samples.LayOut(input, plain, 1), values, 1, VectorPaths.Best);
        MapLayout.ToPlain(output, values, result, 1);
        return result;
    }

    private static int[] Run(PoolGeometry geometry, float[] input, VectorPath path, bool? excludePadding)
    {
        float[] output = [.. Enumerable.Repeat(float.NaN, 2 * geometry.Output.SampleLength)];
        if (excludePadding is bool exclude)
        {
            Pooler.Average(geometry, input, output, 2, exclude, path);
        }
        else
        {
            Pooler.Max(geometry, input, output, 2, path);
        }

        return Samples.Bits(output);
    }
}
