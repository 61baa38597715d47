namespace SweepCluster.Engine.Stores;

/// <summary>What people ask of a sweep while it is in a store. None of it is part of its identity or changes a result.</summary>
public sealed record SweepControl
{
    /// <summary>Running, no priority, 5 attempts, no time limit.</summary>
    public static SweepControl Default { get; } = new();

    /// <summary>Whether silos take its jobs.</summary>
    public SweepPhase Phase { get; init; } = SweepPhase.Running;

    /// <summary>Sweeps of a higher priority go first, all of their jobs; among equal ones the slots are shared evenly. Default: 0.</summary>
    public int Priority { get; init; }

    /// <summary>How often a job may be begun and end without a result (its silo was lost, its disk was full, its time was up) before it is set aside. 1 or more. Default: 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>How long one attempt at a job may take; null: as long as it takes.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Why it was stopped, on one line; null where it was not.</summary>
    public string? Reason { get; init; }
}
