using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>One plan as measured.</summary>
public sealed record TrialSummary
{
    private readonly HashText _weightsHash;

    /// <summary>The plan's id.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's label.</summary>
    public required string Label { get; init; }

    /// <summary>Where the plan came from.</summary>
    public required PlanKind Kind { get; init; }

    /// <summary>Canonical scheme by layer; layers not named are untouched.</summary>
    public required IReadOnlyDictionary<string, string> Schemes { get; init; }

    /// <summary>Bytes of the exported file.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Baseline's bytes divided by <see cref="SizeBytes"/>.</summary>
    public required double CompressionRatio { get; init; }

    /// <summary>SHA-256 of the measured weights.</summary>
    public required string WeightsHash
    {
        get => _weightsHash.ToString();
        init => _weightsHash = new HashText(value);
    }

    /// <summary>Metrics over the choice samples; null where it failed.</summary>
    public required MetricSummary? Choice { get; init; }

    /// <summary>Metrics over the confirmation samples; null where it was not confirmed.</summary>
    public required MetricSummary? Confirm { get; init; }

    /// <summary>Whether no other trial is at least as good in size and metric and better in one (choice samples).</summary>
    public required bool OnFrontier { get; init; }

    /// <summary>For a mixed plan: whether no uniform trial is at least as small and at least as good.</summary>
    public required bool BeatsUniform { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public required string? Failure { get; init; }
}
