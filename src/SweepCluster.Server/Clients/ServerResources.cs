using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Server.Clients;

/// <summary>What the API shows, as whoever has the store knows it.</summary>
internal static class ServerResources
{
    internal static SweepListing Listing(SweepResource sweep) => new(
        new SweepRecord(sweep.Id, sweep.Name, string.Empty, sweep.ModelHash, sweep.DataHash, sweep.Version, string.Empty),
        new SweepStatus(sweep.Jobs, sweep.Results, sweep.Running) { Control = Control(sweep), Failures = sweep.Failures, Added = sweep.Submitted })
    {
        Waits = sweep.Waits,
    };

    internal static SweepControl Control(SweepResource sweep) => new()
    {
        Phase = Phase(sweep.Phase),
        Priority = sweep.Priority,
        MaxAttempts = sweep.Attempts,
        TimeLimit = sweep.TimeLimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Reason = sweep.Reason,
    };

    internal static SweepProgress Progress(ProgressResource progress, ImmutableArray<WorkingSilo> silos, string? waits) => new(
        Parse<SweepStage>(progress.Stage), (int)progress.Results, (int)progress.Jobs, progress.Share, progress.SamplesPerSecond,
        progress.SecondsLeft is { } left && left < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(left) : null, Point(progress.Best), (int)progress.Failures)
    {
        Phase = Phase(progress.Phase),
        Metric = progress.Metric,
        MaxDrop = progress.MaxDrop,
        Chosen = Point(progress.Chosen),
        Trials = progress.Trials,
        Frontier = progress.Frontier.IsDefault ? [] : [.. progress.Frontier.Select(point => Point(point)!)],
        Silos = silos,
        Waits = waits,
    };

    internal static WorkingSilo Silo(SiloResource silo) => new(
        new SiloStatus(
            new SiloRecord(silo.Name, silo.Version, new SiloCapacity(silo.Slots, silo.MemoryBytes, silo.AllowsCommands)), silo.Joined, TimeSpan.FromSeconds(silo.SilenceSeconds), silo.Jobs.Length),
        [.. silo.Jobs.Select(job => new WorkingJob(job.Sweep, Parse<JobKind>(job.Kind), job.About, TimeSpan.FromSeconds(job.Seconds)))]);

    internal static StoreEvent Event(EventResource entry) => new(entry.Number, entry.At, Parse<StoreEventKind>(entry.Kind), entry.Sweep, entry.Text);

    internal static SweepPhase Phase(string phase) => phase == "finished" ? SweepPhase.Running : Parse<SweepPhase>(phase); // a finished one has a result for every job

    internal static string PhaseName(SweepPhase phase) => SweepListing.NameOf(phase);

    private static BestPoint? Point(PointResource? point) => point is null ? null : new BestPoint(
        point.Trial, point.Label, point.SizeBytes, point.CompressionRatio, new Estimate(point.Drop.Value, point.Drop.Low, point.Drop.High, point.Drop.Samples));

    /// <summary>A word of a closed set; what a newer server says beyond it is the first.</summary>
    private static T Parse<T>(string word)
        where T : struct, Enum => Enum.TryParse(word, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : default;
}
