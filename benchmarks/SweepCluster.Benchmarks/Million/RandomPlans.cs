using System.Globalization;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Numerics.Randomness;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Benchmarks.Million;

/// <summary>A search that proposes the grid's uniform plans, then seeded random mixed plans in rounds of fixed size.</summary>
/// <param name="plans">Mixed plans in all.</param>
/// <param name="round">Mixed plans of a round.</param>
internal sealed class RandomPlans(int plans, int round) : ISearch
{
    private readonly GridSearch _grid = new();

    /// <inheritdoc/>
    public IReadOnlyList<Plan> Propose(SearchState state)
    {
        if (_grid.Propose(state) is { Count: > 0 } uniform)
        {
            return uniform;
        }

        int made = state.Plans.Count(plan => plan.Kind == PlanKind.Mixed);
        List<Plan> proposed = [];
        for (int number = made + 1; number <= Math.Min(plans, made + round); number++)
        {
            SplitMix64 random = new(((ulong)made << 32) + (ulong)number); // a plan that was there already is made up for in the next round
            List<KeyValuePair<string, Scheme>> schemes = [];
            foreach (Layer layer in state.Space.Layers)
            {
                schemes.Add(new(layer.Name, layer.Schemes[(int)random.NextBelow((ulong)layer.Schemes.Length)]));
            }

            proposed.Add(Plan.Create(PlanKind.Mixed, string.Create(CultureInfo.InvariantCulture, $"mixed-{number:00}"), schemes));
        }

        return proposed;
    }
}
