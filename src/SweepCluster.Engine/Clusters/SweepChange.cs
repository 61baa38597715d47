using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>What is to change of a sweep's control; what is null stays.</summary>
public sealed record SweepChange
{
    /// <summary>Running, paused or cancelled.</summary>
    public SweepPhase? Phase { get; init; }

    /// <inheritdoc cref="SweepControl.Priority"/>
    public int? Priority { get; init; }

    /// <inheritdoc cref="SweepControl.MaxAttempts"/>
    public int? MaxAttempts { get; init; }

    /// <summary>How long one attempt at a job may take; <see cref="Timeout.InfiniteTimeSpan"/>: as long as it takes.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>What is asked of it as far as the caller knows; null: whatever it is.</summary>
    public SweepControl? Expected { get; init; }

    /// <summary>The control with these changes.</summary>
    /// <exception cref="StoreConflictException">It is not the one that is expected.</exception>
    internal SweepControl ApplyTo(SweepControl control) => Expected is not null && Expected != control ? throw new StoreConflictException("found that somebody changed the sweep, expected it as it was.") : control with
    {
        Phase = Phase ?? control.Phase,
        Reason = Phase is null ? control.Reason : null,
        Priority = Priority ?? control.Priority,
        MaxAttempts = MaxAttempts ?? control.MaxAttempts,
        TimeLimit = TimeLimit is not { } limit ? control.TimeLimit : limit == Timeout.InfiniteTimeSpan ? null : limit,
    };
}
