using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Numerics.Tests.Elementwise;

public sealed class DeterministicMathTests
{
    [Fact]
    public void Exp_WholeRange_StaysWithinTwoUnitsOfTheLastPlace()
    {
        for (float x = -86f; x < 88.7f; x += 0.00137f)
        {
            double exact = Math.Exp(x);
            Assert.InRange((DeterministicMath.Exp(x) - exact) / exact, -2.4e-7, 2.4e-7); // 2 * 2^-23
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-100f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_Extremes_GiveTheLimits(float x, float expected) => Assert.Equal(expected, DeterministicMath.Exp(x));

    [Fact]
    public void Tanh_WholeRange_StaysCloseAndOdd()
    {
        for (float x = 0f; x < 12f; x += 0.0037f)
        {
            Assert.InRange(DeterministicMath.Tanh(x) - Math.Tanh(x), -4e-7 * Math.Tanh(x), 4e-7 * Math.Tanh(x));
            Assert.Equal(-DeterministicMath.Tanh(x), DeterministicMath.Tanh(-x));
        }
    }

    [Fact]
    public void Softmax_LargeScores_DoesNotOverflow()
    {
        float[] actual = [1000f, 1000f, -1000f];

        DeterministicMath.Softmax(actual, actual);

        Assert.Equal([0.5f, 0.5f, 0f], actual);
    }

    [Fact]
    public void Softmax_OfSomeElements_GivesTheBitsOfThoseAlone()
    {
        int[] offsets = [0, 7, 14, 21, 3, 28];
        float[] values = Samples.Floats(40, 51), actual = [.. Enumerable.Repeat(float.NaN, 40)], alone = new float[offsets.Length];
        DeterministicMath.Softmax(Array.ConvertAll(offsets, offset => 9f * values[5 + offset]), alone);

        DeterministicMath.Softmax(Array.ConvertAll(values, value => 9f * value), actual, 5, offsets);

        Assert.Equal(Samples.Bits(alone), Samples.Bits(Array.ConvertAll(offsets, offset => actual[5 + offset])));
        Assert.Equal(40 - offsets.Length, actual.Count(float.IsNaN));
    }

    [Fact]
    public void Softmax_KnownScores_GivesTheProbabilities()
    {
        float[] actual = new float[3];

        DeterministicMath.Softmax([1f, 2f, 3f], actual);

        // e / (e + e^2 + e^3) and so on.
        Assert.Equal([0.09003057, 0.24472847, 0.66524096], Array.ConvertAll(actual, value => (double)value), (a, b) => Math.Abs(a - b) < 1e-7);
    }
}
