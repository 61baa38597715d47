using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Clusters;

/// <summary>What a silo is a member of while it works, beside the store: nothing, or an Orleans cluster in whose grains its jobs run.</summary>
internal interface ISiloCluster
{
    /// <summary>Joins, works, and leaves when the work has ended.</summary>
    /// <param name="parts">The silo.</param>
    /// <param name="work">Claims jobs and runs them on the host that it is given, until its token says stop or every job is done. May be called again after it has ended.</param>
    /// <param name="cancellationToken">Stops the silo.</param>
    Task RunAsync(SiloParts parts, Func<IJobHost, CancellationToken, Task> work, CancellationToken cancellationToken);
}
