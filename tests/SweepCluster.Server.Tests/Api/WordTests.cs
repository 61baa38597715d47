using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Api;
using SweepCluster.Server.Pages;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Api;

/// <summary>The words of the API's closed sets: scripts and pages know them, so that whoever renames a value of the program learns here that it changes a contract.</summary>
public sealed class WordTests
{
    [Fact]
    public void Phases_OfSweeps() => Assert.Equal(["running", "paused", "cancelled", "stopped", "finished"], SweepListing.Phases.AsEnumerable());

    [Fact]
    public void Stages_OfProgress() => Pins<SweepStage>("opening", "cells", "uniform", "mixed", "confirming", "finished");

    [Fact]
    public void Kinds_OfJobs() => Pins<JobKind>("coordinate", "layer", "probe", "trial");

    [Theory]
    [InlineData(JobKind.Coordinate, "job-kind coordinate")]
    [InlineData(JobKind.Layer, "job-kind layer")]
    [InlineData(JobKind.Probe, "job-kind probe")]
    [InlineData(JobKind.Trial, "job-kind trial")]
    public void Marks_OfJobs_AreClassesOfTheSheet(JobKind kind, string classes)
    {
        Assert.Equal(classes, PageWords.Mark(new WorkingJob("", kind, null, TimeSpan.Zero)));
        string sheet = File.ReadAllText(Path.Combine(SharedData.Repository, "src", "SweepCluster.Server", "Pages", "Assets", "pages.css"));
        Assert.Contains($".{classes.Replace(' ', '.')} {{", sheet, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_OfPlans() => Pins<PlanKind>("baseline", "uniform", "mixed", "given");

    [Fact]
    public void Kinds_OfEvents() => Pins<StoreEventKind>(
        "submitted", "changed", "finished", "removed", "attemptFailed", "setAside", "siloJoined", "siloLeft", "siloLost");

    private static void Pins<T>(params string[] words)
        where T : struct, Enum => Assert.Equal(words.Order(StringComparer.Ordinal), Enum.GetValues<T>().Select(ApiJson.NameOf).Order(StringComparer.Ordinal));
}
