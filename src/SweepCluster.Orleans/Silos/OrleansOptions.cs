using System.Net;

namespace SweepCluster.Orleans.Silos;

/// <summary>Where a silo is reached by other silos and by clients of its cluster.</summary>
public sealed record OrleansOptions
{
    /// <summary>An address of this machine that the other machines can reach. Default: the one from which this machine reaches the store, which for a store on this machine is the loopback.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Port for other silos. Default: a free one.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Port for clients, as <c>sweep serve</c> is one. Default: a free one.</summary>
    public int? GatewayPort { get; init; }
}
