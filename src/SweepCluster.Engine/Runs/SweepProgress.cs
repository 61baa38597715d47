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
}
