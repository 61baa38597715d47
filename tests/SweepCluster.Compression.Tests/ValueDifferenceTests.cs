using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class ValueDifferenceTests
{
    [Fact]
    public void Measure_ByHand_GivesEveryFigure()
    {
        ValueDifference difference = Between([3, -4, 0, 1], [3, -4.5f, 0.5f, 1]);

        Assert.False(difference.IsExact);
        Assert.Equal(0.125, difference.MeanSquaredError); // 0.25 + 0.25 over 4
        Assert.Equal(10 * Math.Log10(26 / 0.5), difference.Sqnr, 12);
        Assert.Equal(0.5, difference.MaxAbsolute);
        Assert.Equal(Math.Sqrt(0.5 / 26), difference.Relative, 12);
    }

    [Fact]
    public void Measure_Equal_IsExactAndInfinite()
    {
        ValueDifference difference = Between([1, float.NaN, float.PositiveInfinity, 0f], [1, float.NaN, float.PositiveInfinity, -0f]);

        Assert.True(difference.IsExact);
        Assert.Equal((double.PositiveInfinity, 0, 0, 0), (difference.Sqnr, difference.MeanSquaredError, difference.MaxAbsolute, difference.Relative));
    }

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    public void Measure_OneNotFinite_IsAsFarAsCanBe(float left, float right)
    {
        ValueDifference difference = Between([1, left], [1, right]);

        Assert.Equal(1, difference.Unlike);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity, double.PositiveInfinity), (difference.Sqnr, difference.MaxAbsolute, difference.MeanSquaredError));
    }

    [Fact]
    public void Measure_ZerosAgainstSomething_HasNoSignal()
    {
        ValueDifference difference = Between([0, 0], [0, 1]);

        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (difference.Sqnr, difference.Relative));
    }

    [Fact]
    public void Measure_NoElements_IsExact() => Assert.True(Between([], []).IsExact);

    // Longer than a piece, and with values whose squares leave float32.
    [Fact]
    public void Measure_Float16AgainstFloat32_IsThatOfDoublePrecision()
    {
        Random random = new(1);
        float[] values = [.. Enumerable.Range(0, 10_001).Select(_ => (random.NextSingle() - 0.5f) * 1e5f)];
        Shape shape = new(values.Length);
        double error = values.Sum(value => Math.Pow(value - (double)(Half)value, 2)), norm = values.Sum(value => (double)value * value);

        ValueDifference difference = ValueDifference.Measure(
            new DenseWeight(ElementType.Float32, TensorData.FromFloat32(shape, values)), new DenseWeight(ElementType.Float16, TensorData.FromFloat16(shape, values)));

        Assert.Equal(error / values.Length, difference.MeanSquaredError, error / values.Length * 1e-12);
        Assert.Equal(10 * Math.Log10(norm / error), difference.Sqnr, 9);
        Assert.Equal(values.Max(value => Math.Abs(value - (double)(Half)value)), difference.MaxAbsolute);
    }

    [Fact]
    public void Measure_HugeValues_DoNotOverflow()
    {
        ValueDifference difference = Between([3e38f, 1], [3e38f, 2]);

        Assert.Equal((0.5, 0), (difference.MeanSquaredError, difference.Unlike));
    }

    [Fact]
    public void Measure_AnotherNumberOfValues_IsRefused() => Assert.Throws<ArgumentException>(() => Between([1], [1, 2]));

    // The sum's order is a promise: chunks of 4,096 in order, whatever the pieces.
    [Fact]
    public void Measure_SeveralPieces_SumsChunkByChunk()
    {
        Random random = new(2);
        float[] left = [.. Enumerable.Range(0, (3 << 16) + 4321).Select(_ => random.NextSingle() - 0.5f)], right = Array.ConvertAll(left, value => (value * 1.0001f) + 1e-3f);
        double error = 0, norm = 0;
        foreach ((float[] before, float[] after) in left.Chunk(1 << 12).Zip(right.Chunk(1 << 12)))
        {
            WeightError part = WeightError.Measure(before, after);
            error += part.SquaredError;
            norm += part.SquaredNorm;
        }

        Assert.Equal((error, norm), (Between(left, right).Error.SquaredError, Between(left, right).Error.SquaredNorm));
    }

    private static ValueDifference Between(float[] left, float[] right) => ValueDifference.Measure(Dense(left), Dense(right));

    private static DenseWeight Dense(float[] values) => new(ElementType.Float32, TensorData.FromFloat32(new Shape(values.Length), values));
}
