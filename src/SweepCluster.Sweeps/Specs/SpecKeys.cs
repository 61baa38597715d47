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
        ["palettize"] = ["mode", "nbits", "granularity", "group_size"],
        ["quantize"] = ["mode", "dtype", "granularity", "block_size"],
        ["prune"] = ["target_sparsity"],
        ["float16"] = [],
    };

    /// <summary>Keys that mean something only beside a certain value of another key.</summary>
    public static IReadOnlyDictionary<string, KeyValuePair<string, string>> Conditions { get; } = new Dictionary<string, KeyValuePair<string, string>>(StringComparer.Ordinal)
    {
        ["group_size"] = new("granularity", "per_grouped_channel"),
        ["block_size"] = new("granularity", "per_block"),
    };

    public const string WeightThreshold = "weight_threshold";

    /// <summary>What an override says to leave its layers alone.</summary>
    public const string Skip = "skip";
}
