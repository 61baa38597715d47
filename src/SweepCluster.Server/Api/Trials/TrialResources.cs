using System.Collections.Immutable;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Trials;

/// <summary>What the API shows of trials and sensitivities.</summary>
internal static class TrialResources
{
    internal static TrialResource Of(TrialSummary trial) => new(
        trial.Id, trial.Label, KindOf(trial), trial.SizeBytes, trial.CompressionRatio, trial.OnFrontier, trial.BeatsUniform, trial.WeightsHash, Of(trial.Choice), Of(trial.Confirm), trial.Failure,
        trial.Schemes.ToImmutableSortedDictionary(StringComparer.Ordinal));

    internal static SensitivityResource Of(SensitivitySummary entry) => new(
        entry.Layer, entry.Scheme, entry.PayloadBytes, entry.SqnrDecibels, entry.Kl is null ? null : SweepResources.Of(entry.Kl), entry.Drop is null ? null : SweepResources.Of(entry.Drop),
        entry.Agreement is null ? null : SweepResources.Of(entry.Agreement), entry.Reason);

    internal static string KindOf(TrialSummary trial) => ApiJson.NameOf(trial.Kind);

    private static MetricsResource? Of(MetricSummary? metrics) => metrics is null ? null : new MetricsResource(
        metrics.Values.ToImmutableSortedDictionary(entry => entry.Key, entry => SweepResources.Of(entry.Value), StringComparer.Ordinal), SweepResources.Of(metrics.Drop));
}
