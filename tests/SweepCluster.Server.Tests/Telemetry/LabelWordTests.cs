using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>The values of labels that stand for closed sets: dashboards and alerts of others know them, so that whoever renames a value of the program learns here that it changes a contract.</summary>
public sealed class LabelWordTests
{
    [Fact]
    public void Kinds_OfEvents() => Pins(
        Enum.GetValues<StoreEventKind>().Select(kind => (string)ClusterTeller.TagOf(kind).Value!),
        "submitted", "changed", "finished", "removed", "attempt_failed", "set_aside", "silo_joined", "silo_left", "silo_lost");

    [Fact]
    public void Kinds_OfJobs() => Pins(Enum.GetValues<JobKind>().Select(kind => (string)JobTags.Of(kind).Value!), "coordinate", "layer", "probe", "trial");

    [Fact]
    public void Plans_OfTrials() => Pins(TrialTags.All.Select(tags => tags.Plan).Distinct(), "baseline", "uniform", "mixed", "given");

    [Fact]
    public void Ranges_OfTrials() => Pins(TrialTags.All.Select(tags => tags.Range).Distinct(), "choice", "confirm");

    private static void Pins(IEnumerable<string> found, params string[] words) => Assert.Equal(words.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
}
