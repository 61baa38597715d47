using SweepCluster.Reports.Plots;

namespace SweepCluster.Reports.Tests.Plots;

public sealed class NiceStepsTests
{
    [Fact]
    public void Linear_Range_GivesRoundNumbersWithin() => Assert.Equal([0.8, 0.82, 0.84, 0.86, 0.88], NiceSteps.Linear(0.79, 0.899, 8).Select(value => Math.Round(value, 9)));

    [Fact]
    public void Linear_EmptyRange_GivesItsOnlyValue() => Assert.Equal([3.0], NiceSteps.Linear(3, 3, 8));

    [Fact]
    public void Logarithmic_ThreeDecades_GivesOneTwoFive() =>
        Assert.Equal([2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6], NiceSteps.Logarithmic(1.9e3, 1.1e6).Select(value => Math.Round(value, 6)));

    [Fact]
    public void Logarithmic_HalfADecade_GivesMoreSteps() =>
        Assert.Equal([7e4, 1e5, 1.5e5, 2e5, 3e5], NiceSteps.Logarithmic(6e4, 4e5).Select(value => Math.Round(value, 6)));
}
