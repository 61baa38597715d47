namespace SweepCluster.Compression.Tests;

public class WeightErrorTests
{
    [Fact]
    public void Measure_ValuesWorkedByHand_GivesSumsAndDecibel()
    {
        WeightError error = WeightError.Measure([3, -4, 0], [3, -3.5f, 0]);

        Assert.Equal(new WeightError(0.25, 25, 0.5), error);
        Assert.Equal(20, error.Sqnr, 10);
    }

    [Fact]
    public void Measure_NothingLost_IsInfinite() => Assert.Equal(double.PositiveInfinity, WeightError.Measure([1, 2], [1, 2]).Sqnr);

    [Theory, InlineData(0), InlineData(7), InlineData(8), InlineData(9), InlineData(1000)]
    public void Measure_AnyLength_MatchesPlainSums(int length)
    {
        float[] source = TestWeights.Normal(length, 1), other = TestWeights.Normal(length, 2);
        double[] differences = [.. source.Zip(other, (left, right) => (double)left - right)];

        WeightError error = WeightError.Measure(source, other);

        Assert.Equal(differences.Sum(difference => difference * difference), error.SquaredError, 1e-12);
        Assert.Equal(source.Sum(value => (double)value * value), error.SquaredNorm, 1e-12);
        Assert.Equal(differences.Select(Math.Abs).DefaultIfEmpty().Max(), error.MaxAbsolute);
    }

    [Fact]
    public void Measure_DifferentLengths_Throws() =>
        Assert.Equal("Found 1 values, expected 2. (Parameter 'decompressed')", Assert.Throws<ArgumentException>(() => WeightError.Measure([1, 2], [1])).Message);
}
