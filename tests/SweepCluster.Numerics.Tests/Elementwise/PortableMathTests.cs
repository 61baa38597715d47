using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Numerics.Tests.Elementwise;

public sealed class PortableMathTests
{
    [Fact]
    public void ExpAndLog_AcrossTheirRange_AgreeWithTheLibraryTo1e15()
    {
        for (int i = -7000; i <= 7000; i++)
        {
            double x = i * 0.1;
            Near(Math.Exp(x), PortableMath.Exp(x));
            Near(Math.Log(Math.Exp(x)), PortableMath.Log(Math.Exp(x)));
        }

        for (int i = 1; i < 5000; i++)
        {
            Near(Math.Log(i / 1000d), PortableMath.Log(i / 1000d)); // around 1, where the result vanishes
            Near(Math.Atan(i / 100d), PortableMath.Atan(i / 100d));
        }
    }

    [Fact]
    public void ExpLogAtan_SpecialValues_AreExact()
    {
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal(0, PortableMath.Exp(-800));
        Assert.Equal(0, PortableMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(710));
        Assert.Equal(double.NaN, PortableMath.Exp(double.NaN));
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(Math.Log(double.Epsilon), PortableMath.Log(double.Epsilon), 1e-12);
        Assert.Equal(0, PortableMath.Atan(0));
    }

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= 1e-15 * Math.Max(Math.Abs(expected), 1e-30), $"{actual:R} instead of {expected:R}");
}
