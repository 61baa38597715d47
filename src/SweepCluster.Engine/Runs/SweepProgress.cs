using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Runs;

/// <summary>How far a running sweep is.</summary>
/// <param name="Stage">What it is at.</param>
/// <param name="JobsDone">Jobs recorded, those of earlier runs included.</param>
/// <param name="JobsTotal">Jobs proposed so far.</param>
/// <param name="Share">Share of the expected work that is done, 0..1, rounds that are not proposed yet included.</param>
/// <param name="SamplesPerSecond">Samples that passed through the model in this run, divided by its time; 0 before the first.</param>
/// <param name="TimeLeft">Estimate of the time to the end; null before there is one.</param>
/// <param name="Best">The best trial so far; null before there is one.</param>
/// <param name="Failures">Jobs that failed and were recorded so.</param>
public sealed record SweepProgress(
    SweepStage Stage, int JobsDone, int JobsTotal, double Share, double SamplesPerSecond, TimeSpan? TimeLeft, BestPoint? Best, int Failures)
{
    /// <summary>What people ask of the sweep in a store; on one machine it runs.</summary>
    public SweepPhase Phase { get; init; } = SweepPhase.Running;

    /// <summary>Why nobody takes the sweep's jobs, though it runs; null where somebody does or can.</summary>
    public string? Waits { get; init; }

    /// <summary>The objective's metric, in whose unit drops are: shares 0..1 for <c>top1</c>, <c>top5</c> and <c>agreement</c>.</summary>
    public string Metric { get; init; } = string.Empty;

    /// <summary>The largest drop that the spec accepts, in the metric's unit; null: none stated.</summary>
    public double? MaxDrop { get; init; }

    /// <summary>Of a finished sweep what the verdict chose, with its drop on the confirmation samples; null before it is finished, where nothing is proven, and where no accepted drop is stated.</summary>
    public BestPoint? Chosen { get; init; }

    /// <summary>The one trial that is shown: the best so far, and once the sweep is finished what the verdict chose, so that the two never contradict each other. Null: there is none.</summary>
    public BestPoint? Shown => Stage == SweepStage.Finished && MaxDrop is not null ? Chosen : Best;

    /// <summary>Trials over the choice samples that ended, failed ones and the uncompressed model's among them.</summary>
    public int Trials { get; init; }

    /// <summary>The frontier so far, smallest first.</summary>
    public ImmutableArray<BestPoint> Frontier { get; init; } = [];

    /// <summary>Silos that are there and what they are at; empty on one machine.</summary>
    public ImmutableArray<WorkingSilo> Silos { get; init; } = [];
}
