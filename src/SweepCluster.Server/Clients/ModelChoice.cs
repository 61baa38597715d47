namespace SweepCluster.Server.Clients;

/// <summary>Which trial of a finished sweep is to be exported: exactly one of these.</summary>
public sealed record ModelChoice
{
    /// <summary>Id, first digits of it, or label of the trial.</summary>
    public string? Trial { get; init; }

    /// <summary>The smallest plan that is proven to lose at most this much: points for shares, the metric's own unit otherwise.</summary>
    public double? MaxDrop { get; init; }

    /// <summary>The best plan of at most so many bytes.</summary>
    public long? MaxSizeBytes { get; init; }
}
