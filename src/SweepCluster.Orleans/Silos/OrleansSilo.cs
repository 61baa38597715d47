using SweepCluster.Engine.Clusters;

namespace SweepCluster.Orleans.Silos;

/// <summary>A silo that is a member of the Orleans cluster over its store.</summary>
public static class OrleansSilo
{
    /// <summary>Works on every sweep of the store until it is stopped; then running jobs are given back, what is computed is recorded, and the silo leaves the cluster.</summary>
    /// <param name="options">The store, and what the silo may do.</param>
    /// <param name="orleans">Where it is reached.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Graphs.BadInputException">The store cannot be used, or an address or a port.</exception>
    /// <exception cref="Engine.Stores.StoreUnavailableException">The store cannot be reached, or was away for longer than two minutes.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Task RunAsync(Engine.Clusters.SiloOptions options, OrleansOptions orleans, Action<string> notice, CancellationToken cancellationToken) =>
        Engine.Clusters.Silo.RunAsync(options, new SiloFronts(), new OrleansCluster(orleans), notice, cancellationToken);
}
