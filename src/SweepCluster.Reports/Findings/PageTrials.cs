using System.Runtime.CompilerServices;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>
/// The trials that a page shows: all of them, or of a large sweep as many as a person can open. Then the baseline, the recommended and the tested plans, the uniform plans that no smaller
/// one is as good as, and for each of a number of equal steps of the logarithm of bytes the best of the frontier, of the confirmed and of the others. A function of the summary alone.
/// </summary>
internal sealed class PageTrials
{
    /// <summary>A sweep of so many trials is shown whole.</summary>
    internal const int Most = 10_000;

    private const int Steps = 200;
    private const int MarkedInStep = 20; // of the frontier, and of what was confirmed
    private const int OthersInStep = 10;

    private static readonly ConditionalWeakTable<SweepSummary, PageTrials> s_known = [];

    private PageTrials(SweepSummary summary)
    {
        Shown = summary.Trials.Length <= Most ? [.. TrialFacts.All(summary)] : Choose(summary);
        LeftOut = summary.Trials.Length + 1 - Shown.Length;
    }

    /// <summary>The baseline, then the others in proposal order.</summary>
    internal TrialSummary[] Shown { get; }

    /// <summary>Trials that are in <c>trials.csv</c> alone.</summary>
    internal int LeftOut { get; }

    /// <summary>The trials that a page of this summary shows; chosen once.</summary>
    internal static PageTrials Of(SweepSummary summary) => s_known.GetValue(summary, static known => new PageTrials(known));

    private static TrialSummary[] Choose(SweepSummary summary)
    {
        HashSet<string> named = new([.. summary.Recommendation.Tested.IsDefault ? [] : summary.Recommendation.Tested], StringComparer.Ordinal);
        named.UnionWith(new[] { summary.Recommendation.ProvenTrial, summary.Recommendation.NearestTrial }.OfType<string>());
        int[] order = [.. Enumerable.Range(0, summary.Trials.Length).Where(number => summary.Trials[number].Choice is not null)];
        double[] drops = Array.ConvertAll(order, number => summary.Trials[number].Choice!.Drop.Value);
        Array.Sort(drops, order); // the best first; which of equals comes first is settled below
        double low = Math.Log(Math.Max(1, order.Length == 0 ? 1 : order.Min(number => summary.Trials[number].SizeBytes)));
        double high = Math.Log(Math.Max(1, order.Length == 0 ? 1 : order.Max(number => summary.Trials[number].SizeBytes)));
        int[] marked = new int[Steps], others = new int[Steps];
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
                int step = high > low ? Math.Min(Steps - 1, (int)((Math.Log(Math.Max(1, trial.SizeBytes)) - low) / (high - low) * Steps)) : 0;
                shown[number] = named.Contains(trial.Id) || (trial.OnFrontier || trial.Confirm is not null ? marked[step]++ < MarkedInStep : others[step]++ < OthersInStep);
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
