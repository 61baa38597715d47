using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Health;

namespace SweepCluster.Server;

/// <summary>What a server stands on; opened and closed by whoever starts it.</summary>
/// <param name="Store">Sweeps, jobs, results.</param>
/// <param name="Blobs">Models, data, cells.</param>
/// <param name="Desk">What people do with sweeps.</param>
/// <param name="Checks">What must be well for it to be ready, beside the store.</param>
internal sealed record ServerParts(ISweepStore Store, IBlobStore Blobs, ISweepDesk Desk, IReadOnlyList<IReadinessCheck> Checks);
