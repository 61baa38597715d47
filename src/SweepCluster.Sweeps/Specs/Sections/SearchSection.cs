using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads <c>search</c>.</summary>
internal static class SearchSection
{
    private const int DefaultPlans = 16;

    /// <summary>Reads the section.</summary>
    /// <param name="root">The spec.</param>
    /// <param name="hasData">Whether there is data to probe on.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static SearchSpec Read(MappingReader root, bool hasData, SpecFaults faults)
    {
        MappingReader search = root.Mapping("search", SpecKeys.Search) ?? new MappingReader(new MappingNode(root.Place), "search.", SpecKeys.Search, faults);
        int plans = (int)(search.Mapping("greedy", SpecKeys.Greedy)?.Integer("plans", 0, 10_000) ?? DefaultPlans);
        bool probes = search.Flag("probes") ?? hasData;
        if (probes && !hasData)
        {
            search.Fault("probes", "found true without data, expected 'data' to probe on");
        }

        return new SearchSpec(search.Flag("uniform") ?? true, plans, probes);
    }
}
