using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Trials;

/// <summary>A plan measured over one range of samples.</summary>
/// <param name="PlanId">The plan.</param>
/// <param name="Range">Which samples.</param>
/// <param name="SizeBytes">Bytes of the file that this plan exports to.</param>
/// <param name="WeightsHash">SHA-256 over the values that were measured, layer by layer in program order.</param>
/// <param name="Tally">What the samples add up to; null where a command measured, or the trial failed.</param>
/// <param name="Metrics">What a user's command printed, by name; empty otherwise.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record TrialResult(
    string PlanId, SampleRange Range, long SizeBytes, string WeightsHash, OutcomeTally? Tally,
    ImmutableSortedDictionary<string, Estimate> Metrics, string? Failure)
{
    private readonly HashText _weightsHash = new(WeightsHash);

    /// <summary>SHA-256 over the values that were measured, layer by layer in program order.</summary>
    public string WeightsHash
    {
        get => _weightsHash.ToString();
        init => _weightsHash = new HashText(value);
    }
}
