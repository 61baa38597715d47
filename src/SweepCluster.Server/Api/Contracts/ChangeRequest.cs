namespace SweepCluster.Server.Api.Contracts;

/// <summary>What is to change of a sweep; what is left out stays.</summary>
internal sealed record ChangeRequest
{
    /// <summary><c>running</c>, <c>paused</c> or <c>cancelled</c>.</summary>
    public string? Phase { get; init; }

    /// <summary>Sweeps of a higher priority go first.</summary>
    public int? Priority { get; init; }

    /// <summary>Attempts at a job before it is set aside, 1 or more.</summary>
    public int? Attempts { get; init; }

    /// <summary>Longest time of one attempt at a job; 0: none.</summary>
    public double? TimeLimitSeconds { get; init; }
}
