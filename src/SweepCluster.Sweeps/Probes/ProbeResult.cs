using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Probes;

/// <summary>One layer's cell put into the model, everything else untouched, over the probe samples.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Scheme">Canonical scheme.</param>
/// <param name="Tally">What the samples add up to, beside the uncompressed model; null where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
public sealed record ProbeResult(string Layer, string Scheme, OutcomeTally? Tally, string? Failure);
