using System.Collections.Immutable;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Search;

/// <summary>Several searches one after the other: the next one proposes when those before it have no more.</summary>
public sealed class SearchStrategy : ISearch
{
    private readonly ImmutableArray<ISearch> _searches;

    private SearchStrategy(ImmutableArray<ISearch> searches) => _searches = searches;

    /// <summary>The search that a spec asks for: first the uniform plans and the user's own in one round, then rounds of mixed plans from the probes.</summary>
    public static ISearch For(SweepSpec spec) => new SearchStrategy(spec.Search.GreedyPlans > 0
        ? [new GridSearch(), new GreedySearch(spec.Search.GreedyPlans)]
        : [new GridSearch()]);

    /// <inheritdoc/>
    public IReadOnlyList<Plan> Propose(SearchState state) =>
        _searches.Select(search => search.Propose(state)).FirstOrDefault(plans => plans.Count > 0) ?? [];
}
