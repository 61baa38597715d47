using System.Text;
using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>Trials in words, for tooltips and details.</summary>
internal static class TrialWords
{
    /// <summary>What a point's tooltip says, one fact a line.</summary>
    internal static string Tooltip(SweepSummary summary, TrialSummary trial, MarkedPlan? marked)
    {
        StringBuilder text = new($"{trial.Label} ({TrialFacts.KindName(trial)})\n{Quantities.Bytes(trial.SizeBytes)}, {Quantities.Ratio(trial.CompressionRatio)} smaller");
        if (TrialFacts.Score(summary, trial) is { } score)
        {
            text.Append($"\n{MetricNames.Short(summary.Metric)} {Quantities.MetricWithInterval(MetricNames.Of(summary), score)}");
        }

        Append(text, "Drop", summary, trial.Choice?.Drop);
        Append(text, "Confirmed drop", summary, trial.Confirm?.Drop);
        string[] marks = [.. Marks(trial, marked)];
        return marks.Length == 0 ? text.ToString() : text.Append('\n').AppendJoin(", ", marks).ToString();
    }

    /// <summary>What is special about a trial, in a few words each.</summary>
    internal static IEnumerable<string> Marks(TrialSummary trial, MarkedPlan? marked)
    {
        if (MarkedPlan.Is(marked, trial))
        {
            yield return marked!.Words;
        }

        if (trial.OnFrontier)
        {
            yield return "on the frontier";
        }

        if (trial.BeatsUniform)
        {
            yield return "beats every uniform plan";
        }
    }

    /// <summary>A plan's schemes with the layers of each, a paragraph a scheme: the most used first, layers in program order.</summary>
    internal static string SchemesByLayer(SweepSummary summary, TrialSummary trial, IReadOnlyDictionary<string, int> layerOrder)
    {
        IEnumerable<string> lines = TrialFacts.Schemes(trial)
            .GroupBy(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}, {Quantities.Count(group.Count(), "layer")}\n{Names(group, layerOrder)}");
        int untouched = summary.Layers.Count(layer => !trial.Schemes.ContainsKey(layer.Name));
        return string.Join("\n\n", untouched == 0
            ? lines
            : lines.Append($"untouched, {Quantities.Count(untouched, "layer")}\n{Names(summary.Layers.Select(layer => layer.Name).Where(name => !trial.Schemes.ContainsKey(name)), layerOrder)}"));
    }

    private static string Names(IEnumerable<string> layers, IReadOnlyDictionary<string, int> order) =>
        string.Join(", ", layers.OrderBy(layer => order.GetValueOrDefault(layer, int.MaxValue)).ThenBy(layer => layer, StringComparer.Ordinal));

    private static void Append(StringBuilder text, string name, SweepSummary summary, Estimate? drop)
    {
        if (drop is not null)
        {
            text.Append($"\n{name} {Quantities.DropWithInterval(MetricNames.Of(summary), drop)}");
        }
    }
}
