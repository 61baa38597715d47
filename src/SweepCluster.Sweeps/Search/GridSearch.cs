using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Search;

/// <summary>Proposes the uniform plans of the grid and the user's own, all in one round.</summary>
public sealed class GridSearch : ISearch
{
    /// <inheritdoc/>
    public IReadOnlyList<Plan> Propose(SearchState state)
    {
        HashSet<string> open = [.. state.Space.UniformPlans.Select(plan => plan.Id)];
        foreach (Plan plan in state.Plans)
        {
            if (open.Count == 0)
            {
                return [];
            }

            open.Remove(plan.Id);
        }

        return [.. state.Space.UniformPlans.Where(plan => open.Remove(plan.Id))];
    }
}
