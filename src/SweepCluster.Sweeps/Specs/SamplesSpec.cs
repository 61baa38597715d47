namespace SweepCluster.Sweeps.Specs;

/// <summary>How many samples serve what. Choice and confirmation are disjoint; probes use the first samples of the choice.</summary>
/// <param name="Probe">Samples of a probe.</param>
/// <param name="Choice">Samples that every trial is measured on.</param>
/// <param name="Confirm">Samples that only the frontier is measured on, after the choice; may be 0.</param>
public sealed record SamplesSpec(int Probe, int Choice, int Confirm);
