namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What a range of samples adds up to.</summary>
public sealed record OutcomeTally
{
    /// <summary>Samples counted.</summary>
    public required long Samples { get; init; }
}
