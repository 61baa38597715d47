using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Server.Api.Sweeps;

/// <summary>What the API shows of sweeps.</summary>
internal static class SweepResources
{
    internal static SweepResource Of(SweepListing sweep) => new(
        sweep.Id, sweep.Record.Name, sweep.Phase, sweep.Status.Control.Reason, sweep.Status.Jobs, sweep.Status.Results, sweep.Status.Leased, sweep.Status.Failures,
        sweep.Status.Control.Priority, sweep.Status.Control.MaxAttempts, sweep.Status.Control.TimeLimit?.TotalSeconds,
        sweep.Record.Version, sweep.Record.ModelHash, sweep.Record.DataHash, sweep.Status.Added)
    {
        Waits = sweep.Waits,
    };

    internal static ProgressResource ProgressOf(SweepState state)
    {
        SweepStatus status = state.Sweep.Status;
        SweepProgress progress = state.Progress;
        return new ProgressResource(
            state.Sweep.Phase, status.Control.Reason, ApiJson.NameOf(progress.Stage), Math.Max(status.Jobs, progress.JobsTotal), Math.Max(status.Results, progress.JobsDone),
            Math.Max(status.Failures, progress.Failures), status.Leased, progress.Share, progress.SamplesPerSecond, progress.TimeLeft?.TotalSeconds, state.Trials,
            progress.Best is null ? null : Of(progress.Best), PointsOf(state))
        {
            Metric = progress.Metric,
            MaxDrop = progress.MaxDrop,
            Chosen = progress.Chosen is null ? null : Of(progress.Chosen),
        };
    }

    internal static FrontierResource FrontierOf(SweepState state) => new(state.Trials, state.Progress.Best is null ? null : Of(state.Progress.Best), PointsOf(state));

    internal static EstimateResource Of(Estimate estimate) => new(estimate.Value, estimate.Low, estimate.High, estimate.Samples);

    /// <summary>Names what is asked of a sweep, so that who changes it can say what it was.</summary>
    internal static string TagOf(SweepControl control)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{control.Phase} {control.Priority} {control.MaxAttempts} {control.TimeLimit?.Ticks} {control.Reason}");
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}\"";
    }

    private static ImmutableArray<PointResource> PointsOf(SweepState state) => [.. state.Frontier.Select(Of)];

    private static PointResource Of(BestPoint point) => new(point.TrialId, point.Label, point.SizeBytes, point.CompressionRatio, Of(point.Drop));
}
