using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>A silo and what it is at.</summary>
/// <param name="Status">The silo.</param>
/// <param name="Jobs">Jobs that it holds.</param>
public sealed record WorkingSilo(SiloStatus Status, ImmutableArray<WorkingJob> Jobs)
{
    /// <summary>Brings together what a store knows of silos and of jobs. A job that is still leased to a silo that was struck off is nobody's here.</summary>
    internal static ImmutableArray<WorkingSilo> Of(ImmutableArray<SiloStatus> silos, ImmutableArray<HeldJob> jobs)
    {
        ILookup<string, HeldJob> held = jobs.ToLookup(job => job.Silo, StringComparer.Ordinal);
        return [.. silos.Select(silo => new WorkingSilo(silo, [.. held[silo.Silo.Name].Select(WorkingJob.Of)]))];
    }
}
