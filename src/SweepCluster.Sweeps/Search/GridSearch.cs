using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Search;

/// <summary>Proposes the uniform plans of the grid and the user's own, all in one round.</summary>
public sealed class GridSearch : ISearch
{
    /// <inheritdoc/>
    public IReadOnlyList<Plan> Propose(SearchState state)
    {
        HashSet<string> known = [.. state.Plans.Select(plan => plan.Id)];
        return [.. state.Space.UniformPlans.Where(plan => known.Add(plan.Id))];
    }
}
