using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>The best plan while a sweep goes on, by the rule of its progress: whoever shows one shows this one.</summary>
public static class BestSoFar
{
    /// <summary>The smallest plan whose measured drop is within the goal, or where none is stated the smallest that is not clearly worse than the uncompressed model; of equal sizes the one that loses less, then the first.</summary>
    /// <param name="summary">What is recorded so far. Measured on the samples of the choice: nothing is proven by it.</param>
    /// <returns>Null where there is none yet.</returns>
    public static TrialSummary? Of(SweepSummary summary) => summary.Trials
        .Where(trial => trial.Choice?.Drop is { } drop && IsAccepted(summary, drop))
        .OrderBy(trial => trial.SizeBytes)
        .ThenBy(trial => trial.Choice!.Drop.Value)
        .FirstOrDefault();

    /// <summary>What the plan is, in a few words.</summary>
    /// <param name="summary">What is recorded so far.</param>
    public static string Words(SweepSummary summary) => summary.MaxDrop is null ? "smallest so far, not clearly worse" : "smallest within the goal so far";

    private static bool IsAccepted(SweepSummary summary, Estimate drop) => summary.MaxDrop is { } most ? drop.Value <= most : drop.Low <= 0;
}
