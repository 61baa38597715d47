namespace SweepCluster.Sweeps.Specs;

/// <summary>Every key that a spec may have. The published schema, <c>docs/sweep.schema.json</c>, has the same; a test holds them together.</summary>
internal static class SpecKeys
{
    public static IReadOnlyList<string> Root { get; } =
    [
        "name", "model", "target", "data", "objective", "samples", "seed", "global_config", "op_type_configs", "op_name_configs", "schemes", "plans", "search",
    ];

    public static IReadOnlyList<string> Data { get; } =
        ["path", "images", "labels", "file_column", "label_column", "layout", "color", "scale", "bias"];

    public static IReadOnlyList<string> Objective { get; } = ["metric", "max_drop", "command", "higher", "timeout"];

    public static IReadOnlyList<string> Samples { get; } = ["probe", "choice", "confirm"];

    public static IReadOnlyList<string> GlobalConfig { get; } = [WeightThreshold];

    public static IReadOnlyList<string> Search { get; } = ["uniform", "greedy", "probes"];

    public static IReadOnlyList<string> Greedy { get; } = ["plans"];

    /// <summary>Keys of each family, as <see cref="SweepCluster.Graphs.Schemes.SchemeText"/> reads them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Families { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        ["palettize"] = ["mode", "lut", "nbits", "granularity", "group_size", "cluster_dim", "enable_per_channel_scale", "lut_dtype", "distinct", "compat"],
        ["quantize"] = ["mode", "dtype", "granularity", "block_size", "clip", "compat"],
        ["prune"] = ["target_sparsity", "granularity", "block_size", "ties", "threshold", "minimum_sparsity_percentile", "n_m_ratio", "dim", "compat"],
        ["mindspore"] = ["bit_num", "quant_weight_size", "quant_weight_channel", "accuracy_threshold", "init_scale"],
        ["float16"] = [],
    };

    /// <summary>Families that may stand beside <c>prune</c> in one scheme: what is left of a pruned weight is stored so.</summary>
    public static IReadOnlyList<string> Joinable { get; } = ["palettize", "quantize"];

    /// <summary>What stands between the values of a setting that is a list of its own, as <c>n_m_ratio: [[2, 4]]</c> for <c>2:4</c>.</summary>
    public static IReadOnlyDictionary<string, char> Lists { get; } = new Dictionary<string, char>(StringComparer.Ordinal) { ["n_m_ratio"] = ':', ["block_size"] = 'x', ["lut"] = '|' };

    public const string WeightThreshold = "weight_threshold";

    /// <summary>What an override says to leave its layers alone.</summary>
    public const string Skip = "skip";
}
