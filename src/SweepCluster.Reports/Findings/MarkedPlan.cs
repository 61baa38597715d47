using SweepCluster.Reports.Html;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>The one plan that a page marks: the recommended, else the nearest to the goal; of a sweep that goes on the best so far, since nothing is nearest or recommended before the confirmation.</summary>
/// <param name="TrialId">Its id.</param>
/// <param name="Words">What it is.</param>
/// <param name="Style">The class of its ring.</param>
internal sealed record MarkedPlan(string TrialId, string Words, string Style)
{
    /// <summary>The class of a ring around the best so far.</summary>
    internal const string SoFar = "so-far";

    /// <summary>The plan to mark; null where there is none.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="live">The live page; null: the report's file, which is marked as a finished sweep's.</param>
    internal static MarkedPlan? Of(SweepSummary summary, LivePage? live) => live is { IsFinal: false }
        ? BestSoFar.Of(summary) is { } best ? new MarkedPlan(best.Id, BestSoFar.Words(summary), SoFar) : null
        : summary.Recommendation switch
        {
            { ProvenTrial: { } proven } => new MarkedPlan(proven, "recommended", "recommended"),
            { NearestTrial: { } nearest } => new MarkedPlan(nearest, "nearest to the goal", "nearest"),
            _ => null,
        };

    /// <summary>Whether a trial is the marked plan.</summary>
    internal static bool Is(MarkedPlan? marked, TrialSummary trial) => marked is not null && marked.TrialId == trial.Id;
}
