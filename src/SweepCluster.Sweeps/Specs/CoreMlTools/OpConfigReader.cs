using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Names;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>Reads one configuration of a coremltools compressor class: <c>{mode: kmeans, nbits: 4}</c>.</summary>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class OpConfigReader(SpecFaults faults)
{
    private const long DefaultWeightThreshold = 2048;

    // Class, our family, the key that the class cannot do without, and keys that change nothing here at these values.
    private static readonly Dictionary<string, (string Family, string? Required, Dictionary<string, string> Neutral)> s_classes = new(StringComparer.Ordinal)
    {
        ["OpPalettizerConfig"] = ("palettize", "nbits", new() { ["cluster_dim"] = "1", ["enable_per_channel_scale"] = "false" }),
        ["OpLinearQuantizerConfig"] = ("quantize", null, []),
        ["OpMagnitudePrunerConfig"] = ("prune", "target_sparsity", []),
    };

    /// <summary>The class that writes a family; null where coremltools has none.</summary>
    public static string? ClassOf(string family) => s_classes.FirstOrDefault(entry => entry.Value.Family == family).Key;

    /// <summary>Checks the name of a class.</summary>
    /// <returns>Whether it is one that this program has a scheme for.</returns>
    public bool Knows(SpecNode node)
    {
        if (node is ScalarNode scalar && s_classes.ContainsKey(scalar.Value))
        {
            return true;
        }

        faults.Add(node.Place, $"config_type: found {node.Description}, expected one of {string.Join(", ", s_classes.Keys)}{NearName.Hint((node as ScalarNode)?.Value ?? "", s_classes.Keys)}");
        return false;
    }

    /// <summary>Reads one configuration; null where it is wrong.</summary>
    /// <param name="node">The configuration; null or <c>null</c> leaves the operation alone.</param>
    /// <param name="type">The class where the configuration names none.</param>
    public OpConfig? Read(SpecNode node, string type)
    {
        if (node.IsNull)
        {
            return new OpConfig(null, 0);
        }

        if (node is not MappingNode mapping)
        {
            faults.Add(node.Place, $"found {node.Description}, expected a mapping of settings, or null");
            return null;
        }

        if (mapping.Find("config_type") is SpecEntry own)
        {
            if (!Knows(own.Value))
            {
                return null;
            }

            type = ((ScalarNode)own.Value).Value;
        }

        long threshold = mapping.Find(SpecKeys.WeightThreshold) is { Value.IsNull: true } ? 0 // None there: no threshold
            : new MappingReader(mapping, "", [.. mapping.Entries.Select(entry => entry.Key)], faults).Integer(SpecKeys.WeightThreshold, 0, long.MaxValue) ?? DefaultWeightThreshold;
        return ReadScheme(mapping, type) is Scheme scheme ? new OpConfig(scheme, threshold) : null;
    }

    private Scheme? ReadScheme(MappingNode mapping, string type)
    {
        (string family, string? required, Dictionary<string, string> neutral) = s_classes[type];
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        bool sound = true;
        foreach (SpecEntry entry in mapping.Entries.Where(entry => !IsIgnored(entry, type, neutral)))
        {
            if (entry.Value is ScalarNode scalar)
            {
                settings[entry.Key] = entry.Key == "mode" ? scalar.Value.ToLowerInvariant() : scalar.Value; // the reference takes modes in any case
            }
            else
            {
                faults.Add(entry.Value.Place, $"{entry.Key}: found {entry.Value.Description}, expected a single value; this program has no such form");
                sound = false;
            }
        }

        if (required is not null && !settings.ContainsKey(required))
        {
            faults.Add(mapping.Place, $"{type}: found no key '{required}', expected it");
            sound = false;
        }

        // The reference gives every config these keys and lets them idle where the granularity does not use them.
        foreach ((string key, KeyValuePair<string, string> condition) in SpecKeys.Conditions)
        {
            if (settings.GetValueOrDefault(condition.Key) != condition.Value)
            {
                settings.Remove(key);
            }
        }

        return sound ? Make(mapping, family, settings) : null;
    }

    private static bool IsIgnored(SpecEntry entry, string type, Dictionary<string, string> neutral) =>
        entry.Value.IsNull
        || entry.Key is "config_type" or SpecKeys.WeightThreshold
        || (entry.Key == "num_kmeans_workers" && type == "OpPalettizerConfig")
        || (neutral.TryGetValue(entry.Key, out string? value) && entry.Value is ScalarNode scalar && scalar.Value.Equals(value, StringComparison.OrdinalIgnoreCase));

    private Scheme? Make(MappingNode mapping, string family, Dictionary<string, string> settings)
    {
        try
        {
            return SchemeText.FromSettings(family, settings);
        }
        catch (BadInputException exception)
        {
            faults.Add(mapping.Place, exception.Message);
            return null;
        }
    }
}
