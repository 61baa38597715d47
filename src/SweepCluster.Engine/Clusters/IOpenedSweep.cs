using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>A sweep that is open on a silo. Disposing of it gives back what it takes.</summary>
internal interface IOpenedSweep : IDisposable
{
    /// <summary>Runs its jobs.</summary>
    IJobHost Host { get; }

    /// <summary>What it takes.</summary>
    SweepNeeds Needs { get; }
}
