using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Compression.Telemetry;

/// <summary>Families of schemes as metrics tell them apart.</summary>
public static class SchemeFamily
{
    private const string Palettize = "palettize", Quantize = "quantize", Prune = "prune", Joint = "joint", Float16 = "float16", None = "none";

    /// <summary>Those that cells have.</summary>
    public static ImmutableArray<string> All { get; } = [Palettize, Quantize, Prune, Joint, Float16];

    /// <summary>The family of a scheme; one of <see cref="All"/>, or <c>none</c> for a weight that stays as it is.</summary>
    public static string Of(Scheme scheme) => scheme switch
    {
        PalettizeScheme => Palettize,
        QuantizeScheme or MindSporeScheme => Quantize,
        PruneScheme => Prune,
        JointScheme => Joint,
        Float16Scheme => Float16,
        _ => None,
    };
}
