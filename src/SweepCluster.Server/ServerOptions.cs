namespace SweepCluster.Server;

/// <summary>How a server is started.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it answers. Default: <c>http://127.0.0.1:8080</c>, for this machine alone.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
