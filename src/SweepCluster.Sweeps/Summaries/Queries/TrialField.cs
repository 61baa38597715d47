namespace SweepCluster.Sweeps.Summaries.Queries;

/// <summary>One field of a trial that a filter can compare.</summary>
/// <param name="Kind">What its values are.</param>
/// <param name="Texts">The values of a text field, of which any may match; empty for numbers.</param>
/// <param name="Number">The value of a number field, null where the trial has none.</param>
internal sealed record TrialField(TrialFieldKind Kind, Func<SweepSummary, TrialSummary, IEnumerable<string>> Texts, Func<SweepSummary, TrialSummary, double?> Number)
{
    /// <summary>Whether the beginning of a value is enough to equal it.</summary>
    public bool IsEqualToItsBeginning { get; init; }

    public static TrialField OfTexts(Func<SweepSummary, TrialSummary, IEnumerable<string>> texts) => new(TrialFieldKind.Text, texts, (_, _) => null);

    public static TrialField OfFlag(Func<SweepSummary, TrialSummary, bool> flag) => new(TrialFieldKind.Flag, (summary, trial) => [flag(summary, trial) ? "true" : "false"], (_, _) => null);

    public static TrialField OfNumbers(TrialFieldKind kind, Func<SweepSummary, TrialSummary, double?> number) => new(kind, (_, _) => [], number);

    /// <summary>Whether a text field has the value, in either case.</summary>
    public bool IsEqual(SweepSummary summary, TrialSummary trial, string value) => Texts(summary, trial).Any(text =>
        IsEqualToItsBeginning ? text.StartsWith(value, StringComparison.OrdinalIgnoreCase) : text.Equals(value, StringComparison.OrdinalIgnoreCase));
}
