namespace SweepCluster.Sweeps.Specs;

/// <summary>How plans are proposed.</summary>
/// <param name="Uniform">Whether every scheme of the grid is tried uniformly.</param>
/// <param name="GreedyPlans">Mixed plans to build from the probes; 0: none, and nothing is probed unless <paramref name="Probes"/>.</param>
/// <param name="Probes">Whether every layer is probed under every scheme.</param>
public sealed record SearchSpec(bool Uniform, int GreedyPlans, bool Probes);
