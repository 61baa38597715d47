using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Frontiers;

/// <summary>Advises a plan for a goal, from a finished sweep.</summary>
/// <remarks><para>For an accepted drop it tests in a fixed sequence: the confirmed plans are ordered by the choice samples alone, smallest upper bound of the drop
/// first; each is tested on the confirmation samples (is the upper end of the 95 % interval of its paired drop within what is accepted?), up to the first that
/// fails. A wrong claim among all that are made then has at most the chance of a wrong claim in one test, 2.5 %, however many plans are tested: no correction for
/// their number is needed, because the first plan whose drop is really too large must be tested to make one. A plan that could not be measured on those samples
/// fails its test. The 2.5 % holds for shares (top-1, top-5, agreement); the interval of a mean (kl, loss) is Student's, approximate for skewed values, and the
/// sentence says so.</para>
/// <para>Source: A. Angelopoulos, S. Bates, E. Candès, M. Jordan, L. Lei, "Learn then Test", arXiv:2110.01052 (fixed sequence testing);
/// W. Maurer, L. Hothorn, W. Lehmacher, "Multiple comparisons in drug clinical trials and preclinical assays: a-priori ordered hypotheses", 1995.</para></remarks>
public static class Recommender
{
    /// <summary>The smallest plan that is proven to lose at most a given amount, or what stands in the way.</summary>
    /// <param name="summary">A finished sweep; its own recommendation is not looked at.</param>
    /// <param name="maxDrop">Largest accepted drop in the metric's unit (0.01 is one point of accuracy), 0 or more.</param>
    public static Recommendation ForMaxDrop(SweepSummary summary, double maxDrop)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDrop);
        List<TrialSummary> candidates = [.. InOrder(
            summary.Trials.Where(trial => WasSentToConfirmation(trial) && trial.SizeBytes < summary.Baseline.SizeBytes), static trial => (trial.Id, trial.SizeBytes, trial.Choice!.Drop))];
        (TrialSummary? best, int proven) = Test(candidates, static trial => (trial.SizeBytes, trial.Confirm?.Drop), maxDrop);
        ImmutableArray<string> tested = [.. candidates.Take(proven + 1).Select(trial => trial.Id)];
        if (best is not null)
        {
            return new Recommendation(best.Id, null, Proven(summary, best, proven, candidates.ElementAtOrDefault(proven), maxDrop), tested);
        }

        TrialSummary? nearest = Nearest(summary, candidates, maxDrop);
        return new Recommendation(null, nearest?.Id, NotProven(summary, candidates.FirstOrDefault(), nearest, maxDrop), tested);
    }

    /// <summary>Plans that were sent to confirmation, in the order in which they are tested.</summary>
    /// <typeparam name="TPlan">A plan.</typeparam>
    /// <param name="plans">Those that are smaller than the uncompressed model.</param>
    /// <param name="measured">A plan's id and size, and its drop on the samples of the choice.</param>
    /// <remarks>Of equal plans the one with the smaller id comes first, in whatever order they are given: who learns of them as they end chooses as who reads them all.</remarks>
    public static IEnumerable<TPlan> InOrder<TPlan>(IEnumerable<TPlan> plans, Func<TPlan, (string Id, long SizeBytes, Estimate Drop)> measured) => plans
        .OrderBy(plan => measured(plan).Drop.High).ThenByDescending(plan => measured(plan).SizeBytes).ThenBy(plan => measured(plan).Id, StringComparer.Ordinal);

    /// <summary>Tests plans one after the other, up to the first that fails.</summary>
    /// <typeparam name="TPlan">A plan.</typeparam>
    /// <param name="candidates">The plans, <see cref="InOrder"/>.</param>
    /// <param name="confirmed">A plan's size, and its drop on the confirmation samples; null where it could not be measured there.</param>
    /// <param name="maxDrop">Largest accepted drop in the metric's unit.</param>
    /// <returns>The smallest plan that passed, of equal ones the first; null where none did; and how many passed.</returns>
    public static (TPlan? Best, int Proven) Test<TPlan>(IEnumerable<TPlan> candidates, Func<TPlan, (long SizeBytes, Estimate? Drop)> confirmed, double maxDrop)
        where TPlan : class
    {
        List<TPlan> proven = [.. candidates.TakeWhile(plan => confirmed(plan).Drop?.High <= maxDrop)];
        return (proven.MinBy(plan => confirmed(plan).SizeBytes), proven.Count);
    }

    /// <summary>What a sweep without a stated goal says.</summary>
    public static Recommendation WithoutGoal() => new(
        null, null, "No accepted drop is stated (objective.max_drop), so nothing is recommended; every point of the frontier can be exported.", []);

    /// <summary>The trial with the smallest drop on the choice samples among those of at most a given size; of equal ones the smallest, then the first.</summary>
    /// <param name="summary">A finished sweep.</param>
    /// <param name="maxBytes">Largest accepted size of the exported model in bytes.</param>
    /// <returns>Null where no finished trial is so small.</returns>
    public static TrialSummary? ForMaxSize(SweepSummary summary, long maxBytes) => summary.Trials
        .Where(trial => trial.Choice is not null && trial.SizeBytes <= maxBytes)
        .OrderBy(trial => trial.Choice!.Drop.Value)
        .ThenBy(trial => trial.SizeBytes)
        .FirstOrDefault();

    // Which plans are tested must not hang on how their test went: a plan that could not be measured on the confirmation samples (it gave NaN there) was sent to
    // them all the same. Its failure is known by the choice samples, which it passed.
    private static bool WasSentToConfirmation(TrialSummary trial) => trial.Choice is not null && (trial.Confirm is not null || trial.Failure is not null);

    // The smallest upper bound; of figures without intervals (a user's command) the smallest plan within what is accepted, else the smallest drop.
    private static TrialSummary? Nearest(SweepSummary summary, List<TrialSummary> candidates, double maxDrop)
    {
        if (candidates.Count > 0)
        {
            return candidates.Where(trial => trial.Confirm is not null).MinBy(trial => trial.Confirm!.Drop.High) ?? candidates[0];
        }

        List<TrialSummary> measured = [.. summary.Trials.Where(trial => trial.Choice is not null && trial.SizeBytes < summary.Baseline.SizeBytes)];
        return measured.Where(trial => trial.Choice!.Drop is { Samples: 0 } drop && drop.Value <= maxDrop).MinBy(trial => trial.SizeBytes)
            ?? measured.MinBy(trial => trial.Choice!.Drop.High);
    }

    private static string Proven(SweepSummary summary, TrialSummary best, int proven, TrialSummary? stopped, double maxDrop)
    {
        Estimate drop = best.Confirm!.Drop;
        bool isShare = MetricText.IsShare(summary);
        string claim = isShare ? "proven" : "shown", passed = isShare ? "were proven; all these claims hold together with 97.5 % confidence" : "passed";
        string others = proven == 1 ? "" : $" It is the smallest of {proven} plans that {passed}.";
        string end = stopped is null ? ""
            : stopped.Confirm is { } failed ? $" The next in order, {stopped.Label}, was not (at most {MetricText.Drop(summary, failed.Drop.High)}), and what stands behind it is not claimed."
            : $" The next in order, {stopped.Label}, could not be measured, and what stands behind it is not claimed.";
        string caution = isShare ? "" : " The bound of a mean is approximate: where a few samples lose much more than the rest, it is too low more often than in 2.5 % of cases.";
        return string.Create(CultureInfo.InvariantCulture,
            $"{best.Label} is {best.CompressionRatio:0.0#} times smaller, and {claim} to lose at most {MetricText.Drop(summary, maxDrop)} of {summary.Metric}: on {MetricText.Count(drop.Samples)} samples that the choice did not see, it loses {MetricText.Drop(summary, drop.Value)}, at most {MetricText.Drop(summary, drop.High)}.{others}{end}{caution}");
    }

    private static string NotProven(SweepSummary summary, TrialSummary? first, TrialSummary? nearest, double maxDrop)
    {
        if (nearest is null)
        {
            return summary.Trials.Any(trial => trial.Choice is not null)
                ? "No plan is proven: none is smaller than the uncompressed model."
                : "No plan is proven: no trial finished.";
        }

        string goal = $"No plan is proven to lose at most {MetricText.Drop(summary, maxDrop)} of {summary.Metric}";
        if (nearest.Choice!.Drop.Samples == 0)
        {
            return $"{goal}: a command's figures have no interval. The nearest, {nearest.Label}, was measured to lose {MetricText.Drop(summary, nearest.Choice.Drop.Value)}.";
        }

        string stop = first is null ? "" : first.Confirm is null
            ? $"{first.Label}, which is tested first, failed on the samples that the choice did not see ({first.Failure!.TrimEnd('.')})"
            : $"{first.Label}, which is tested first, loses up to {MetricText.Drop(summary, first.Confirm.Drop.High)}";
        if (nearest.Confirm is null)
        {
            return first is not null ? $"{goal}: {stop}." : $"{goal}: no samples were kept for confirmation (samples.confirm). The nearest, {nearest.Label}, loses {MetricText.Drop(summary, nearest.Choice.Drop.Value)} on the samples of the choice, at most {MetricText.Drop(summary, nearest.Choice.Drop.High)}.";
        }

        Estimate drop = nearest.Confirm.Drop;
        string measured = $"the nearest, {nearest.Label}, loses {MetricText.Drop(summary, drop.Value)} on {MetricText.Count(drop.Samples)} samples that the choice did not see, at most {MetricText.Drop(summary, drop.High)}";
        if (first != nearest && (first?.Confirm is null || drop.High <= maxDrop))
        {
            return $"{goal}: {stop}, and what stands behind it is not claimed; {measured}.";
        }

        return Unchanged(summary, drop.Samples) is double bound && bound > maxDrop
            ? $"{goal}: with {MetricText.Count(drop.Samples)} samples even an unchanged model's bound is {MetricText.Drop(summary, bound)}{Needed(summary, maxDrop)}; {measured}."
            : $"{goal}: {measured}.";
    }

    // The upper bound of a model whose every answer is the baseline's; null for metrics that have none.
    private static double? Unchanged(SweepSummary summary, long samples) =>
        summary.Metric == OutcomeMetrics.Agreement ? Intervals.Share(0, samples).High
        : MetricText.IsShare(summary) ? Intervals.PairedDifference(0, 0, samples).High
        : null;

    private static string Needed(SweepSummary summary, double maxDrop)
    {
        const long Most = 1L << 40;
        long low = 1, high = 1;
        while (high < Most && Unchanged(summary, high) > maxDrop)
        {
            (low, high) = (high, high * 2);
        }

        if (high >= Most)
        {
            return "";
        }

        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = Unchanged(summary, middle) > maxDrop ? (middle, high) : (low, middle);
        }

        return $" (it takes {MetricText.Count(high)} to prove so little)";
    }
}
