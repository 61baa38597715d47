using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Summaries.Queries;

/// <summary>A filter over trials: <c>size&lt;300KB and top1&gt;=86 and kind=mixed</c>.</summary>
/// <remarks><para>Comparisons (<c>=</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, and <c>~</c> for "contains") are joined by <c>and</c>, <c>or</c>, <c>not</c> and
/// parentheses; <c>and</c> binds before <c>or</c>. Fields: <c>id</c>, <c>label</c>, <c>kind</c> (baseline, uniform, mixed, given), <c>family</c> (of any layer's scheme), <c>frontier</c>
/// (true, false, or alone for true), <c>size</c> (bytes, or with B, KB, MB, GB, KiB, MiB, GiB), <c>ratio</c>, <c>drop</c>, and every metric that the sweep measured.</para>
/// <para>Shares (top1, top5, agreement, and the drop of one of them) are written in per cent, with or without the sign. What a trial has no value of matches no comparison.</para></remarks>
public sealed class TrialQuery
{
    private readonly Func<SweepSummary, TrialSummary, bool> _matches;

    private TrialQuery(Func<SweepSummary, TrialSummary, bool> matches) => _matches = matches;

    /// <summary>Reads a filter for a sweep.</summary>
    /// <param name="text">The filter; empty or white space matches every trial.</param>
    /// <param name="summary">The sweep: its metrics are fields.</param>
    /// <exception cref="BadInputException">The filter breaks the language; says at which character, what was found and what was expected.</exception>
    public static TrialQuery Parse(string text, SweepSummary summary) =>
        new(string.IsNullOrWhiteSpace(text) ? (_, _) => true : new QueryParser(text, TrialFields.Of(summary)).Parse());

    /// <summary>Whether a trial passes.</summary>
    public bool Matches(SweepSummary summary, TrialSummary trial) => _matches(summary, trial);

    /// <summary>The trials that pass, best metric first (of equal ones the smallest first, then proposal order); failed ones last.</summary>
    /// <param name="summary">The sweep; its baseline takes part.</param>
    /// <param name="top">At most how many; null: all.</param>
    public ImmutableArray<TrialSummary> Select(SweepSummary summary, int? top = null) => [.. summary.Trials
        .Append(summary.Baseline)
        .Where(trial => Matches(summary, trial))
        .OrderBy(trial => trial.Choice?.Drop.Value ?? double.PositiveInfinity)
        .ThenBy(trial => trial.SizeBytes)
        .Take(top ?? int.MaxValue)];
}
