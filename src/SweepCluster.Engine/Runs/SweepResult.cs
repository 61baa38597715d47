using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Runs;

/// <summary>A finished sweep.</summary>
/// <param name="ResultFolder">Where it is, absolute.</param>
/// <param name="Summary">What a report shows.</param>
/// <param name="JobsRun">Jobs that this run computed.</param>
/// <param name="JobsFound">Jobs that earlier runs had recorded.</param>
/// <param name="Elapsed">Wall time of this run.</param>
public sealed record SweepResult(string ResultFolder, SweepSummary Summary, int JobsRun, int JobsFound, TimeSpan Elapsed)
{
    /// <summary>Cells, probed cells and trials that the jobs of this run took over from earlier sweeps instead of computing them.</summary>
    public long TakenOver { get; init; }
}
