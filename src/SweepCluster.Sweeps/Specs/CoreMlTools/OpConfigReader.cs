using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>Reads one configuration of a coremltools compressor class: <c>{mode: kmeans, nbits: 4}</c>.</summary>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class OpConfigReader(SpecFaults faults)
{
    private const long DefaultWeightThreshold = 2048;

    // Class and our family.
    private static readonly Dictionary<string, string> s_classes = new(StringComparer.Ordinal)
    {
        ["OpPalettizerConfig"] = "palettize",
        ["OpLinearQuantizerConfig"] = "quantize",
        ["OpMagnitudePrunerConfig"] = "prune",
        ["OpThresholdPrunerConfig"] = "prune",
    };

    /// <summary>The class that writes a scheme; null where coremltools has none.</summary>
    public static string? ClassOf(Scheme scheme) => scheme is ThresholdPruneScheme ? "OpThresholdPrunerConfig" : s_classes.FirstOrDefault(entry => entry.Value == scheme.Family).Key;

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
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        bool sound = true;
        foreach (SpecEntry entry in mapping.Entries.Where(entry => !IsIgnored(entry, type)))
        {
            if (TextOf(entry) is string text)
            {
                settings[entry.Key] = text;
            }
            else
            {
                string expected = SpecKeys.Lists.ContainsKey(entry.Key) && type != "OpPalettizerConfig" ? "a single value, or a list of whole numbers" : "a single value";
                faults.Add(entry.Value.Place, $"{entry.Key}: found {entry.Value.Description}, expected {expected}");
                sound = false;
            }
        }

        if (settings.TryGetValue("channel_axis", out string? axis))
        {
            faults.Add(mapping.Place, $"channel_axis: found '{axis}', expected none: each operation's own axis of output channels is taken");
            sound = false;
        }

        return sound && IsWhole(mapping, type, settings) ? Make(mapping, s_classes[type], settings) : null;
    }

    // What a class cannot do without, its defaults where ours are others, and what it lets idle.
    private bool IsWhole(MappingNode mapping, string type, Dictionary<string, string> settings)
    {
        string? missing = null;
        switch (type)
        {
            case "OpPalettizerConfig":
                missing = settings.GetValueOrDefault("mode", "kmeans") is "kmeans" or "uniform" && !settings.ContainsKey("nbits") ? "'nbits'" : null;
                RemoveIdle(settings, "group_size", "per_grouped_channel");
                break;
            case "OpLinearQuantizerConfig":
                RemoveIdle(settings, "block_size", "per_block");
                break;
            case "OpMagnitudePrunerConfig":
                missing = settings.ContainsKey("target_sparsity") || settings.ContainsKey("n_m_ratio") ? null : "'target_sparsity' or 'n_m_ratio'";
                break;
            default:
                settings.TryAdd("threshold", "1e-12");
                break;
        }

        if (missing is not null)
        {
            string? stranger = settings.Keys.FirstOrDefault(key => !SpecKeys.Families[s_classes[type]].Contains(key));
            faults.Add(mapping.Place, $"{type}: found no key {missing}, expected it{(stranger is null ? "" : $"; unknown key '{stranger}'{NearName.Hint(stranger, SpecKeys.Families[s_classes[type]])}")}");
        }

        return missing is null;
    }

    // The reference gives every config these keys and lets them idle where the granularity does not use them.
    private static void RemoveIdle(Dictionary<string, string> settings, string key, string granularity)
    {
        if (settings.GetValueOrDefault("granularity") != granularity)
        {
            settings.Remove(key);
        }
    }

    // A value as our text form has it: modes and flags in lower case, which the reference takes in any case, and lists joined.
    private static string? TextOf(SpecEntry entry) => entry.Value switch
    {
        ScalarNode scalar => entry.Key is "mode" or "enable_per_channel_scale" ? scalar.Value.ToLowerInvariant() : scalar.Value,
        SequenceNode list when entry.Key is "n_m_ratio" or "block_size" && list.Items.Count > 0 && list.Items.TrueForAll(item => item is ScalarNode { IsNull: false }) =>
            string.Join(SpecKeys.Lists[entry.Key], list.Items.Select(item => ((ScalarNode)item).Value)),
        _ => null,
    };

    private static bool IsIgnored(SpecEntry entry, string type) =>
        entry.Value.IsNull
        || entry.Key is "config_type" or SpecKeys.WeightThreshold
        || (type == "OpPalettizerConfig" && (entry.Key == "num_kmeans_workers" || entry is { Key: "cluster_dim", Value: ScalarNode { Value: "1" } }));

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
