using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Summaries;

public class TrialIdsTests
{
    [Theory]
    [InlineData(10, "e3b0c44298fc1c14")]
    [InlineData(10, "e3b0c44298fc1c14", "e3b0c44290000000", "f000000000000000")]
    [InlineData(10, "e3b0c44298fc1c14", "e3b0c44298fc1c14")] // one trial twice: nothing tells them apart
    [InlineData(11, "e3b0c44298fc1c14", "f000000000000000", "e3b0c442980c1c14")]
    [InlineData(16, "e3b0c44298fc1c14", "e3b0c44298fc1c15")]
    public void ShortLength_OfIds_TellsEachFromTheOthers(int expected, params string[] ids)
    {
        SweepSummary summary = TestSummary.Of([.. ids.Select(id => TestSummary.Trial("pal4", 1000, 0, 0) with { Id = id })]);

        int length = TrialIds.ShortLength(summary);

        Assert.Equal(expected, length);
        Assert.Equal(ids.Distinct().Count(), ids.Select(id => TrialIds.Shorten(id, length)).Distinct().Count());
    }
}
