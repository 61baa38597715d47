using SweepCluster.Orleans.Clients;
using SweepCluster.Server.Health;

namespace SweepCluster.Cli.Hosting.Orleans;

/// <summary>Whether a server's cluster can be asked, and has a silo.</summary>
internal sealed class ClusterCheck(ClusterConnection cluster) : IReadinessCheck
{
    /// <inheritdoc/>
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken) => cluster.FindFaultAsync(cancellationToken);
}
