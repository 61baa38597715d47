using Orleans.Runtime.Placement;

namespace SweepCluster.Orleans.Silos;

/// <summary>Finds the silo that a grain's key names.</summary>
internal sealed class OnItsSiloDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        string key = target.GrainIdentity.Key.ToString()!;
        SiloAddress silo = SiloAddress.FromParsableString(key);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"The silo {key} is no member of the cluster.");
    }
}
