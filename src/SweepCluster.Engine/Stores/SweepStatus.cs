namespace SweepCluster.Engine.Stores;

/// <summary>Counts of a sweep. It is finished when it has jobs and every one has a result.</summary>
/// <param name="Jobs">Jobs proposed.</param>
/// <param name="Results">Jobs with a result on disk.</param>
/// <param name="Leased">Jobs that some silo holds now.</param>
public sealed record SweepStatus(long Jobs, long Results, long Leased)
{
    /// <summary>What people ask of it.</summary>
    public SweepControl Control { get; init; } = SweepControl.Default;

    /// <summary>Results that are failures.</summary>
    public long Failures { get; init; }

    /// <summary>When the sweep was added, by the store's clock; null where the store does not know.</summary>
    public DateTimeOffset? Added { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsFinished => Jobs > 0 && Results == Jobs;
}
