using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class IntervalsTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Share_NewcombesExamples_GivesThePublishedEnds(long count, long samples, double low, double high)
    {
        Estimate share = Intervals.Share(count, samples);

        Assert.Equal((double)count / samples, share.Value, 1e-15);
        Assert.Equal(low, Math.Round(share.Low, 4));
        Assert.Equal(high, Math.Round(share.High, 4));
        Assert.Equal(samples, share.Samples);
    }

    [Fact]
    public void Share_OfCounterpart_IsMirrored()
    {
        Estimate none = Intervals.Share(0, 50), all = Intervals.Share(50, 50);
        Estimate few = Intervals.Share(7, 50), many = Intervals.Share(43, 50);

        Assert.Equal((0, 1), (none.Low, all.High));
        Assert.Equal(1 - none.High, all.Low, 1e-15);
        Assert.Equal(1 - few.High, many.Low, 1e-15);
        Assert.Equal(1 - few.Low, many.High, 1e-15);
    }

    // Tango 1998, tables VII and V (the latter at 90 %); Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014) 2850: airway data;
    // the R package contingencytables' tests: response to consolidation therapy, and three pairs that all changed.
    [Theory]
    [InlineData(9, 3, 32, 1.959963984540054, -0.027, 0.390, 3)]
    [InlineData(0, 1, 44, 1.6448536269514722, -0.096, 0.037, 3)]
    [InlineData(1, 7, 21, 1.959963984540054, -0.517, -0.026, 3)]
    [InlineData(6, 16, 161, 1.959963984540054, -0.1240, -0.0054, 4)]
    [InlineData(3, 0, 3, 1.959963984540054, -0.1230, 1, 4)]
    public void PairedDifference_PublishedExamples_GivesThePublishedEnds(
        long firstOnly, long secondOnly, long samples, double quantile, double low, double high, int digits)
    {
        Estimate difference = Intervals.PairedDifference(firstOnly, secondOnly, samples, quantile);

        Assert.Equal((firstOnly - secondOnly) / (double)samples, difference.Value);
        Assert.Equal(low, Math.Round(difference.Low, digits));
        Assert.Equal(high, Math.Round(difference.High, digits));
        Assert.Equal(samples, difference.Samples);
    }

    // Found with SciPy 1.10 by another way: the likelihood maximised numerically under each supposed difference, the ends by Brent's method.
    [Theory]
    [InlineData(40, 20, 160, 0.030864533075, 0.218064243861)]
    [InlineData(23, 9, 1000, 0.003099366259, 0.026272168229)]
    [InlineData(100, 60, 5000, 0.003078571603, 0.013091168504)]
    [InlineData(1, 7, 21, -0.517232277271, -0.026003032187)]
    public void PairedDifference_LikelihoodMaximisedNumerically_Agrees(long firstOnly, long secondOnly, long samples, double low, double high)
    {
        Estimate difference = Intervals.PairedDifference(firstOnly, secondOnly, samples);

        Assert.Equal(low, difference.Low, 1e-9);
        Assert.Equal(high, difference.High, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void PairedDifference_NobodyChangedSides_IsWilsonsForNoEvent(long samples)
    {
        Estimate difference = Intervals.PairedDifference(0, 0, samples);

        // Without a change the variance under a difference d is |d| (1 - |d|): the ends are z^2 / (n + z^2) to both sides.
        double reach = 1.959963984540054 * 1.959963984540054 / (samples + (1.959963984540054 * 1.959963984540054));
        Assert.Equal(0, difference.Value);
        Assert.Equal(reach, difference.High, 1e-14);
        Assert.Equal(-reach, difference.Low, 1e-14);
        Assert.Equal(Intervals.Share(0, samples).High, difference.High, 1e-14);
    }

    [Fact]
    public void PairedDifference_EveryTableOfTwelve_IsMirroredAndHoldsItsValue()
    {
        for (int b = 0; b <= 12; b++)
        {
            for (int c = 0; b + c <= 12; c++)
            {
                Estimate one = Intervals.PairedDifference(b, c, 12), other = Intervals.PairedDifference(c, b, 12);

                Assert.InRange(one.Value, one.Low, one.High);
                Assert.InRange(one.Low, -1, 1);
                Assert.InRange(one.High, -1, 1);
                Assert.Equal(-other.High, one.Low, 1e-12);
                Assert.Equal(-other.Low, one.High, 1e-12);
            }
        }
    }

    // scipy.stats.t.cdf(x, n) = 0.975 solved by Brent's method, SciPy 1.10 (its own ppf is off by up to 1e-9).
    [Theory]
    [InlineData(1, 12.706204736174708)]
    [InlineData(2, 4.302652729749465)]
    [InlineData(3, 3.182446305283704)]
    [InlineData(4, 2.776445105197789)]
    [InlineData(5, 2.5705818356363093)]
    [InlineData(10, 2.228138851986275)]
    [InlineData(29, 2.045229642132704)]
    [InlineData(30, 2.0422724563012378)]
    [InlineData(99, 1.9842169515864165)]
    [InlineData(199, 1.9719565442517544)]
    [InlineData(200, 1.9718962236339102)]
    [InlineData(201, 1.9718365067798589)]
    [InlineData(255, 1.9693105698498752)]
    [InlineData(999, 1.9623414611334504)]
    [InlineData(9999, 1.9602012636213582)]
    [InlineData(1000000, 1.9599663568141064)]
    public void Quantile975_SciPysDegrees_AgreesTo1e11(long degrees, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile975(degrees), 1e-11);
    }

    [Fact]
    public void Mean_FiveValues_GivesSciPysInterval()
    {
        // 0.1, 0.4, 0.25, 0.9, 0.05: scipy.stats.t.interval(0.95, 4, mean, sem)
        Estimate mean = Intervals.Mean(1.7, 1.045, 5);

        Assert.Equal(0.34, mean.Value, 1e-15);
        Assert.Equal(-0.08426043570880926, mean.Low, 1e-12);
        Assert.Equal(0.7642604357088092, mean.High, 1e-12);
        Assert.Equal(5, mean.Samples);
    }

    [Fact]
    public void Mean_OneValue_HasNoInterval()
    {
        Assert.Equal(new Estimate(3, 3, 3, 0), Intervals.Mean(3, 9, 1));
    }

    [Fact]
    public void AnyInterval_OfNoSamples_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.Share(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.Mean(0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.PairedDifference(0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.PairedDifference(3, 2, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Intervals.Share(3, 2));
    }
}
