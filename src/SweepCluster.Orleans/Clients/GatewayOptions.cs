namespace SweepCluster.Orleans.Clients;

/// <summary>What a gateway is started with.</summary>
public sealed record GatewayOptions
{
    /// <summary>Connection string of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Where it answers over HTTP. Default: <c>http://127.0.0.1:8080</c>, for this machine alone.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
