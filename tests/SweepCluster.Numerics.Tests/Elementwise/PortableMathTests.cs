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

    [Fact]
    public void Functions_AcrossTheirRange_AgreeWithTheLibrary()
    {
        for (int i = -4000; i <= 4000; i++)
        {
            double x = i * 0.0073, inside = i / 4001d;
            Close(Math.Sin(x), PortableMath.Sin(x));
            Close(Math.Cos(x), PortableMath.Cos(x));
            Close(Math.Atan(x), PortableMath.ArcTangent(x));
            Close(Math.Asin(inside), PortableMath.ArcSine(inside));
            Close(Math.Acos(inside), PortableMath.ArcCosine(inside));
            Close(Math.Atanh(inside), PortableMath.ArcTanh(inside));
            Close(Math.Sinh(x / 10), PortableMath.Sinh(x / 10));
            Close(Math.Cosh(x / 10), PortableMath.Cosh(x / 10));
            Close(Math.Tanh(x), PortableMath.Tanh(x));
            Close(Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), PortableMath.Softplus(x));
            Close(Math.Pow(Math.Abs(x), 1.7), PortableMath.Pow(Math.Abs(x), 1.7));
        }
    }

    // Abramowitz and Stegun, table 7.1.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0.1124629160)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(1, 0.8427007929)]
    [InlineData(1.5, 0.9661051465)]
    [InlineData(2, 0.9953222650)]
    [InlineData(7, 1)]
    public void Erf_OfTheTablesValues_IsTheirs(double x, double expected)
    {
        Assert.Equal(expected, PortableMath.Erf(x), 1e-10);
        Assert.Equal(-expected, PortableMath.Erf(-x), 1e-10);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(-8, 3, -512)]
    [InlineData(-8, 2, 64)]
    [InlineData(-8, 0.5, double.NaN)]
    [InlineData(0, -1, double.PositiveInfinity)]
    [InlineData(-0.0, 3, -0.0)]
    [InlineData(0, 2.5, 0)]
    [InlineData(0.5, double.PositiveInfinity, 0)]
    [InlineData(double.NegativeInfinity, 3, double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity, -2, 0)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(double.NaN, 1, double.NaN)]
    public void Pow_SpecialValues_AreThoseOfTheStandard(double x, double y, double expected) => Assert.Equal(expected, PortableMath.Pow(x, y), 1e-11);

    [Fact]
    public void Functions_BeyondTheirRange_GiveTheLimits()
    {
        Assert.Equal(double.NegativeInfinity, PortableMath.LogOf(0));
        Assert.Equal(double.NaN, PortableMath.LogOf(-1));
        Assert.Equal(double.PositiveInfinity, PortableMath.LogOf(double.PositiveInfinity));
        Assert.Equal(double.NaN, PortableMath.ArcSine(1.5));
        Assert.Equal(double.NaN, PortableMath.ArcCosine(-1.5));
        Assert.Equal(Math.PI / 2, PortableMath.ArcTangent(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, PortableMath.ArcTanh(1));
        Assert.Equal(double.NaN, PortableMath.Sin(double.PositiveInfinity));
        Assert.Equal(-1, PortableMath.Tanh(double.NegativeInfinity));
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-13 * Math.Max(1, Math.Abs(expected)));
}
