using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads <c>op_type_configs</c> and <c>op_name_configs</c>.</summary>
internal static class OverrideSection
{
    private const string Expected = "'skip', a scheme, a list of schemes, or {weight_threshold: N}";

    /// <summary>Reads one of the two sections.</summary>
    /// <param name="root">The spec.</param>
    /// <param name="key">The section's key.</param>
    /// <param name="grid">What an override without schemes of its own tries.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static ImmutableSortedDictionary<string, LayerOverride> Read(MappingReader root, string key, ImmutableArray<Scheme> grid, SpecFaults faults)
    {
        ImmutableSortedDictionary<string, LayerOverride>.Builder overrides = ImmutableSortedDictionary.CreateBuilder<string, LayerOverride>(StringComparer.Ordinal);
        switch (root.Node(key))
        {
            case null:
                break;
            case MappingNode mapping:
                foreach (SpecEntry entry in mapping.Entries)
                {
                    overrides[entry.Key] = ReadOverride(entry.Value, grid, faults);
                }

                break;
            case SpecNode other:
                root.Fault(key, $"found {other.Description}, expected a mapping from names to {Expected}");
                break;
        }

        return overrides.ToImmutable();
    }

    private static LayerOverride ReadOverride(SpecNode node, ImmutableArray<Scheme> grid, SpecFaults faults)
    {
        if (node.IsNull || node is ScalarNode { Value: SpecKeys.Skip })
        {
            return new LayerOverride([], null);
        }

        SchemeGrid schemes = new(faults);
        long? threshold = null;
        bool hasSchemes = false;
        foreach (SpecNode item in node is SequenceNode list ? list.Items : [node])
        {
            if (item is ScalarNode { Value: SpecKeys.Skip } || item.IsNull)
            {
                faults.Add(item.Place, $"found {item.Description} in a list, expected a scheme");
                continue;
            }

            if (item is not MappingNode mapping)
            {
                schemes.ReadEntry(item);
                hasSchemes = true;
                continue;
            }

            if (mapping.Find(SpecKeys.WeightThreshold) is not null)
            {
                threshold = ReadThreshold(mapping, faults);
            }

            SpecEntry[] families = [.. mapping.Entries.Where(entry => entry.Key != SpecKeys.WeightThreshold)];
            if (families.Length > 0)
            {
                schemes.ReadFamilies(mapping.Place, families, SpecKeys.WeightThreshold);
                hasSchemes = true;
            }
        }

        if (!hasSchemes && threshold is null)
        {
            faults.Add(node.Place, $"found {(node is SequenceNode ? "an empty list" : node.Description)}, expected {Expected}");
        }

        return new LayerOverride(hasSchemes ? schemes.Schemes : grid, threshold);
    }

    private static long? ReadThreshold(MappingNode mapping, SpecFaults faults) =>
        new MappingReader(mapping, "", [.. mapping.Entries.Select(entry => entry.Key)], faults).Integer(SpecKeys.WeightThreshold, 0, long.MaxValue);
}
