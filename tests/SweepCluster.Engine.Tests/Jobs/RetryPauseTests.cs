using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class RetryPauseTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(1000, 60)]
    public void After_SomeFailures_DoublesUpToAMinute(int earlier, double seconds)
    {
        Assert.Equal(seconds, RetryPause.After(earlier).TotalSeconds);
        Assert.InRange(RetryPause.After(Of("a", earlier)).TotalSeconds, seconds, seconds * 1.1);
    }

    [Fact]
    public void After_TwoJobs_DoNotComeBackTogetherAndOneAlwaysAlike()
    {
        Assert.NotEqual(RetryPause.After(Of("a", 3)), RetryPause.After(Of("b", 3)));
        Assert.Equal(RetryPause.After(Of("a", 3)), RetryPause.After(Of("a", 3)));
    }

    private static Claim Of(string key, int attempts) => new("s", 0, new Job(JobKind.Trial, key, "{}"), 1, "test") { Attempts = attempts };
}
