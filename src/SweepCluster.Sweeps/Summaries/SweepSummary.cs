using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>Everything a report shows. A function of spec, model, data and version alone: no dates, durations, machines or paths.</summary>
public sealed record SweepSummary
{
    /// <summary>Name of the sweep.</summary>
    public required string Name { get; init; }

    /// <summary>Where the result comes from.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The metric that the frontier is about, as <c>top1</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Whether more of it is better.</summary>
    public required bool Higher { get; init; }

    /// <summary>Largest accepted drop in the metric's unit; null: none stated.</summary>
    public required double? MaxDrop { get; init; }

    /// <summary>The uncompressed model.</summary>
    public required TrialSummary Baseline { get; init; }

    /// <summary>Every other plan, in proposal order; failed ones too.</summary>
    public required ImmutableArray<TrialSummary> Trials { get; init; }

    /// <summary>What the choice says, once confirmed.</summary>
    public required Recommendation Recommendation { get; init; }

    /// <summary>Layers that were compressed, in program order.</summary>
    public required ImmutableArray<LayerSummary> Layers { get; init; }

    /// <summary>Schemes that were probed, in spec order: the columns of the heat map.</summary>
    public required ImmutableArray<SchemeSummary> Schemes { get; init; }

    /// <summary>One entry for each probed layer and scheme, and each pair that was refused or failed, in program order and spec order.</summary>
    public required ImmutableArray<SensitivitySummary> Sensitivities { get; init; }

    /// <summary>Weights that were left alone, in program order.</summary>
    public required ImmutableArray<LeftAloneSummary> LeftAlone { get; init; }

    /// <summary>Things a person should know: a raised target, calibration, what was not validated.</summary>
    public required ImmutableArray<string> Notices { get; init; }

    /// <summary>Whether a metric is a share 0..1 that people read in per cent. What a user's command printed is in the command's own unit, whatever it is called.</summary>
    /// <param name="metric">Name of a metric, as <c>top1</c>.</param>
    public bool IsShare(string metric) => OutcomeMetrics.IsShare(metric) && Baseline.Choice?.Values.GetValueOrDefault(metric)?.Samples > 0;
}
