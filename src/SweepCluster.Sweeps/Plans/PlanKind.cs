namespace SweepCluster.Sweeps.Plans;

/// <summary>Where a plan came from.</summary>
public enum PlanKind
{
    /// <summary>The model as it was given.</summary>
    Baseline,

    /// <summary>The same scheme on every layer that can take it.</summary>
    Uniform,

    /// <summary>Schemes chosen layer by layer.</summary>
    Mixed,

    /// <summary>Written by the user.</summary>
    Given,
}
