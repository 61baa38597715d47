using SweepCluster.Formats;
using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>What the sweep says in one sentence.</summary>
/// <param name="Proven">Whether a plan is proven.</param>
/// <param name="Trial">The proven plan, else the nearest; null where there is neither.</param>
/// <param name="Sentence">The sentence.</param>
internal sealed record Verdict(bool Proven, TrialSummary? Trial, string Sentence)
{
    internal static Verdict Of(SweepSummary summary)
    {
        string metric = summary.Metric;
        string goal = summary.MaxDrop is { } accepted
            ? summary.Higher
                ? $"lose at most {Quantities.Goal(MetricNames.Of(summary), accepted)} of {MetricNames.Title(metric)}"
                : $"raise {MetricNames.Title(metric)} by at most {Quantities.Goal(MetricNames.Of(summary), accepted)}"
            : "";
        if (TrialFacts.Find(summary, summary.Recommendation.ProvenTrial) is { } proven)
        {
            string claim = summary.IsShare(metric) ? "proven" : "shown"; // the bound of a mean is approximate
            string bound = goal.Length > 0 ? $" {claim} to {goal}" : $" that is {claim}";
            return new Verdict(true, proven, $"{proven.Label} is the smallest plan{bound}: {Numbers(summary, proven)}.");
        }

        TrialSummary? nearest = TrialFacts.Find(summary, summary.Recommendation.NearestTrial);
        if (nearest is not null)
        {
            return new Verdict(false, nearest, $"No plan is proven{(goal.Length > 0 ? $" to {goal}" : "")}. The nearest is {nearest.Label}: {Numbers(summary, nearest)}.");
        }

        TrialSummary[] frontier = [.. summary.Trials.Where(trial => trial.OnFrontier)];
        string range = frontier.Length == 0
            ? "no plan lies on the frontier"
            : $"the frontier has {Quantities.Count(frontier.Length, "plan")} from {Quantities.Bytes(frontier.Min(trial => trial.SizeBytes))} to {Quantities.Bytes(frontier.Max(trial => trial.SizeBytes))}";
        return new Verdict(false, null, $"{(goal.Length > 0 ? $"No plan is proven to {goal}" : "No goal was stated")}; {range}.");
    }

    /// <summary>The command that writes the verdict's plan as a model like the sweep's; null where none is proven: what is not proven is for a person to choose.</summary>
    internal string? Command(SweepSummary summary)
    {
        if (Trial is null || !Proven)
        {
            return null;
        }

        string output = $"{Path.GetFileNameWithoutExtension(summary.Provenance.ModelName)}-{Trial.Label}";
        string safe = string.Concat(output.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')).TrimStart('-', '.');
        string id = string.Concat(Trial.Id.Where(char.IsAsciiLetterOrDigit));
        return $"sweep export RESULT_FOLDER --trial {id} -o {safe}{ModelFormats.ExtensionOf(summary.Provenance.ModelName)}";
    }

    private static string Numbers(SweepSummary summary, TrialSummary trial)
    {
        Estimate? drop = (trial.Confirm ?? trial.Choice)?.Drop;
        string loss = drop is null ? "" : $", drop {Quantities.DropWithInterval(MetricNames.Of(summary), drop)}";
        string samples = drop is { Samples: > 0 } ? $" on {Quantities.Count(drop.Samples, "sample")}{(trial.Confirm is null ? "" : " that the choice did not see")}" : "";
        return $"{Quantities.Bytes(trial.SizeBytes)}, {Quantities.Ratio(trial.CompressionRatio)} smaller{loss}{samples}";
    }
}
