namespace SweepCluster.Sweeps.Specs;

/// <summary>Keys of a scheme that mean something only beside certain values of other keys. In a grid they apply to the combinations that can use them.</summary>
internal static class SpecConditions
{
    private sealed record Condition(string Text, Func<IReadOnlyDictionary<string, string>, bool> Holds, KeyValuePair<string, string>[] Example);

    // By family and key. Checked in the order of the family's keys, so that one may ask for another that stands before it.
    private static readonly Dictionary<(string Family, string Key), Condition> s_conditions = new()
    {
        [("palettize", "lut")] = new("mode=custom", of => Is(of, "mode", "custom"), [new("mode", "custom")]),
        [("palettize", "nbits")] = new(
            "mode=kmeans, mode=uniform or a rule of any width",
            of => Is(of, "mode", null, "kmeans", "uniform") || (Is(of, "mode", "custom") && Is(of, "lut", "powers_of_two", "quantiles")), []),
        [("palettize", "group_size")] = new("granularity=per_grouped_channel", of => Is(of, "granularity", "per_grouped_channel"), [new("granularity", "per_grouped_channel")]),
        [("palettize", "cluster_dim")] = new("mode=kmeans", of => Is(of, "mode", null, "kmeans"), []),
        [("palettize", "enable_per_channel_scale")] = new("another mode than unique", of => Is(of, "enable_per_channel_scale", "false") || !Is(of, "mode", "unique"), []),
        [("palettize", "lut_dtype")] = new("another mode than unique", of => Is(of, "lut_dtype", "none") || !Is(of, "mode", "unique"), []),
        [("palettize", "distinct")] = new(
            "mode=kmeans, single values, and neither lut_dtype nor enable_per_channel_scale",
            of => Is(of, "distinct", "exact")
                || (Is(of, "mode", null, "kmeans") && Is(of, "cluster_dim", null, "1") && Is(of, "lut_dtype", null, "none") && Is(of, "enable_per_channel_scale", null, "false")), []),
        [("palettize", "compat")] = new(
            "mode=uniform without lut_dtype and enable_per_channel_scale",
            of => Is(of, "compat", "none") || Is(of, "mode", "unique") || (Is(of, "mode", "uniform") && Is(of, "lut_dtype", null, "none") && Is(of, "enable_per_channel_scale", null, "false")), [new("mode", "uniform")]),
        [("quantize", "block_size")] = new("granularity=per_block", of => Is(of, "granularity", "per_block"), [new("granularity", "per_block")]),
        [("prune", "block_size")] = new("target_sparsity of elements", of => Is(of, "granularity", null, "per_scalar"), []),
        [("prune", "ties")] = new("target_sparsity of elements", of => Is(of, "ties", "all") || Is(of, "granularity", null, "per_scalar"), []),
        [("prune", "minimum_sparsity_percentile")] = new("threshold", of => of.ContainsKey("threshold"), [new("threshold", "0")]),
        [("prune", "dim")] = new("n_m_ratio or block_size", of => of.ContainsKey("n_m_ratio") || of.ContainsKey("block_size"), [new("block_size", "2")]),
        [("mindspore", "init_scale")] = new("bit_num=0", of => Is(of, "bit_num", "0"), [new("bit_num", "0")]),
    };

    /// <summary>Settings beside which one setting can be checked by itself: <c>granularity=per_block</c> for a block size.</summary>
    public static KeyValuePair<string, string>[] CompanionsOf(string family, string key, string value) => (family, key, value) switch
    {
        ("palettize", "mode", "custom") => [new("lut", "nf4")],
        ("quantize", "dtype", _) => [new("mode", "linear")],
        _ => s_conditions.TryGetValue((family, key), out Condition? condition) ? condition.Example : [],
    };

    /// <summary>What a key needs, in words; null where it always means something.</summary>
    public static string? TextOf(string family, string key) => s_conditions.GetValueOrDefault((family, key))?.Text;

    /// <summary>Takes the keys out of a combination that mean nothing in it.</summary>
    public static void Trim(string family, Dictionary<string, string> settings)
    {
        foreach (string key in SpecKeys.Families[family])
        {
            if (s_conditions.TryGetValue((family, key), out Condition? condition) && settings.ContainsKey(key) && !condition.Holds(settings))
            {
                settings.Remove(key);
            }
        }
    }

    // Null stands for a key that is missing.
    private static bool Is(IReadOnlyDictionary<string, string> settings, string key, params ReadOnlySpan<string?> values) => values.Contains(settings.GetValueOrDefault(key));
}
