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

    /// <summary>The control with these changes.</summary>
    internal SweepControl ApplyTo(SweepControl control) => control with
    {
        Phase = Phase ?? control.Phase,
        Reason = Phase is null ? control.Reason : null,
        Priority = Priority ?? control.Priority,
        MaxAttempts = MaxAttempts ?? control.MaxAttempts,
        TimeLimit = TimeLimit is not { } limit ? control.TimeLimit : limit == Timeout.InfiniteTimeSpan ? null : limit,
    };
}
