using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>Summaries with given figures.</summary>
internal static class TestSummary
{
    public static SweepSummary Of(params TrialSummary[] trials) => new()
    {
        Name = "test",
        Provenance = new Provenance("0.1.0", "net.mlpackage", "m", "Core ML package, iOS18", "iOS18", "data.npz", "d", 1, 256, 1000, 1000, ""),
        Metric = "top1",
        Higher = true,
        MaxDrop = null,
        Baseline = Trial("baseline", 1_000_000, 0, 0) with { Kind = PlanKind.Baseline, Schemes = ImmutableSortedDictionary<string, string>.Empty },
        Trials = [.. trials],
        Recommendation = new Recommendation(null, null, "", []),
        Layers = [],
        Schemes = [],
        Sensitivities = [],
        LeftAlone = [],
        Notices = [],
    };

    /// <summary>A trial whose drop of top-1 and upper bound are given for the choice samples, and where wanted for the confirmation.</summary>
    public static TrialSummary Trial(string label, long bytes, double drop, double high, double? confirmDrop = null, double? confirmHigh = null, long samples = 1000) => new()
    {
        Id = "id-" + label,
        Label = label,
        Kind = label.StartsWith("mixed", StringComparison.Ordinal) ? PlanKind.Mixed : PlanKind.Uniform,
        Schemes = ImmutableSortedDictionary<string, string>.Empty.Add("layer", new PalettizeScheme(4, 0).Canonical),
        SizeBytes = bytes,
        CompressionRatio = 1_000_000d / bytes,
        WeightsHash = "w",
        Choice = Metrics(drop, high, samples),
        Confirm = confirmHigh is double bound ? Metrics(confirmDrop ?? 0, bound, samples) : null,
        OnFrontier = false,
        BeatsUniform = false,
        Failure = null,
    };

    private static MetricSummary Metrics(double drop, double high, long samples) => new(
        ImmutableSortedDictionary<string, Estimate>.Empty
            .Add("top1", new Estimate(Math.Round(0.9 - drop, 6), 0, 1, samples))
            .Add("kl", new Estimate(drop, 0, 1, samples)),
        new Estimate(drop, -high, high, samples));
}
