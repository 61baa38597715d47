using System.Runtime.CompilerServices;
using SweepCluster.Reports.Html;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>
/// The trials that a page shows: all of them, or of a large sweep as many as its <see cref="PageBound"/> allows. Then the baseline, the recommended and the tested plans, the uniform plans that no smaller
/// one is as good as, and for each of a number of equal steps of the logarithm of bytes the best of the frontier, of the confirmed and of the others. A function of the summary alone.
/// </summary>
internal sealed class PageTrials
{
    /// <summary>A report of so many trials shows them all.</summary>
    internal const int Most = 10_000;

    private static readonly ConditionalWeakTable<SweepSummary, PageTrials> s_known = [];
    private static readonly ConditionalWeakTable<SweepSummary, PageTrials> s_live = [];
    private static readonly ConditionalWeakTable<SweepSummary, PageTrials> s_soFar = [];

    private PageTrials(SweepSummary summary, PageBound bound, string? best = null)
    {
        Shown = summary.Trials.Length <= bound.Most ? [.. TrialFacts.All(summary)] : Choose(summary, bound, best);
        LeftOut = summary.Trials.Length + 1 - Shown.Length;
    }

    /// <summary>The baseline, then the others in proposal order.</summary>
    internal TrialSummary[] Shown { get; }

    /// <summary>Trials that are in <c>trials.csv</c> alone.</summary>
    internal int LeftOut { get; }

    /// <summary>The trials that a page of this summary shows; chosen once.</summary>
    internal static PageTrials Of(SweepSummary summary) => s_known.GetValue(summary, static known => new PageTrials(known, PageBound.Report));

    /// <summary>The trials that a page draws of this summary; chosen once.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="live">The live page that draws them; null: the report's file.</param>
    internal static PageTrials Of(SweepSummary summary, LivePage? live) => live switch
    {
        null => Of(summary),
        { IsFinal: true } => s_live.GetValue(summary, static known => new PageTrials(known, PageBound.Live)),
        _ => s_soFar.GetValue(summary, static known => new PageTrials(known, PageBound.Live, BestSoFar.Of(known)?.Id)),
    };

    private static TrialSummary[] Choose(SweepSummary summary, PageBound bound, string? best)
    {
        HashSet<string> named = new([.. summary.Recommendation.Tested.IsDefault ? [] : summary.Recommendation.Tested], StringComparer.Ordinal);
        named.UnionWith(new[] { summary.Recommendation.ProvenTrial, summary.Recommendation.NearestTrial, best }.OfType<string>());
        int[] order = [.. Enumerable.Range(0, summary.Trials.Length).Where(number => summary.Trials[number].Choice is not null)];
        double[] drops = Array.ConvertAll(order, number => summary.Trials[number].Choice!.Drop.Value);
        Array.Sort(drops, order); // the best first; which of equals comes first is settled below
        double low = Math.Log(Math.Max(1, order.Length == 0 ? 1 : order.Min(number => summary.Trials[number].SizeBytes)));
        double high = Math.Log(Math.Max(1, order.Length == 0 ? 1 : order.Max(number => summary.Trials[number].SizeBytes)));
        int[] marked = new int[bound.Steps], others = new int[bound.Steps];
        bool[] shown = new bool[summary.Trials.Length];
        for (int from = 0, to = 0; from < order.Length; from = to)
        {
            for (to = from; to < order.Length && drops[to].Equals(drops[from]); to++)
            {
            }

            Array.Sort(order, from, to - from); // equals in proposal order
            foreach (int number in order.AsSpan(from, to - from))
            {
                TrialSummary trial = summary.Trials[number];
                int step = high > low ? Math.Min(bound.Steps - 1, (int)((Math.Log(Math.Max(1, trial.SizeBytes)) - low) / (high - low) * bound.Steps)) : 0;
                shown[number] = named.Contains(trial.Id) || (trial.OnFrontier || trial.Confirm is not null ? marked[step]++ < bound.MarkedInStep : others[step]++ < bound.OthersInStep);
            }
        }

        foreach (int number in UniformFrontier(summary))
        {
            shown[number] = true;
        }

        return [summary.Baseline, .. summary.Trials.Where((_, number) => shown[number])];
    }

    // What mixed plans are held against.
    private static IEnumerable<int> UniformFrontier(SweepSummary summary)
    {
        double best = double.PositiveInfinity;
        foreach (int number in Enumerable.Range(0, summary.Trials.Length)
            .Where(number => summary.Trials[number] is { Kind: PlanKind.Uniform, Choice: not null })
            .OrderBy(number => summary.Trials[number].SizeBytes).ThenBy(number => summary.Trials[number].Choice!.Drop.Value))
        {
            if (summary.Trials[number].Choice!.Drop.Value < best)
            {
                best = summary.Trials[number].Choice!.Drop.Value;
                yield return number;
            }
        }
    }
}
