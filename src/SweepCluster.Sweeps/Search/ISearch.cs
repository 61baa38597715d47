using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Search;

/// <summary>Proposes plans in rounds, from recorded results alone, so that the same records give the same proposals on any number of silos.</summary>
public interface ISearch
{
    /// <summary>The next round of plans; empty when the search has no more to propose. Never proposes a plan that <paramref name="state"/> already holds.</summary>
    IReadOnlyList<Plan> Propose(SearchState state);
}
