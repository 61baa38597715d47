using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>Writes plans in coremltools' configuration form.</summary>
internal static partial class CoreMlToolsWriter
{
    private const string AfterPruning = "_sparsified"; // what a pruned weight is called there, which is how the second run finds it

    private static readonly string[] s_floats = ["target_sparsity", "threshold", "minimum_sparsity_percentile"];

    public static ImmutableArray<CoreMlToolsText> Write(Plan plan)
    {
        StringBuilder remarks = new();
        List<(string Family, string Name, Scheme Scheme)> entries = [];
        foreach ((string name, Scheme scheme) in plan.Schemes)
        {
            Scheme[] steps = scheme is JointScheme joint ? [joint.Prune, joint.Then] : [scheme];
            if (steps.Select(Lacks).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                remarks.Append("# ").Append(name).Append(": ").Append(scheme.Canonical).Append(", which coremltools ").Append(reason).Append('\n');
                continue;
            }

            entries.AddRange(steps.Select((step, i) => (step.Family, i == 0 ? name : name + AfterPruning, step)));
        }

        if (entries.Count == 0 && remarks.Length > 0)
        {
            return [new CoreMlToolsText("none", remarks.ToString())];
        }

        bool hasJoint = plan.Schemes.Values.Any(scheme => scheme is JointScheme);
        return [.. entries
            .GroupBy(entry => entry.Family)
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(family => new CoreMlToolsText(family.Key, remarks + Arithmetic([.. family.Select(entry => entry.Scheme)]) + (hasJoint ? Order(family.Key) : "") + WriteFamily([.. family])))];
    }

    // Settings that the reference carries out in its own way, so that what it writes is not the plan bit for bit.
    private static string Arithmetic(Scheme[] schemes) => schemes.Any(scheme => scheme is QuantizeScheme { Profile: SchemeProfile.Exact } or PalettizeScheme { Profile: SchemeProfile.Exact, Mode: not PaletteMode.Unique })
        ? "# coremltools computes these in its own way: the bits will differ from the measured plan, its error is seldom smaller\n"
        : "";

    // A joint plan takes two runs of coremltools.
    private static string Order(string family) => family == "prune"
        ? "# first of the files: prune with it, then compress what is left with the others and joint_compression=True\n"
        : "# after the file for prune, with joint_compression=True\n";

    // What the reference has no word for; null where it can do it.
    private static string? Lacks(Scheme scheme) => scheme switch
    {
        _ when OpConfigReader.ClassOf(scheme) is null => "has no compressor for",
        PalettizeScheme { Mode: PaletteMode.Custom } => "takes from Python only (lut_function)",
        PalettizeScheme { TableType: not null } => "has no setting for (lut_dtype; it quantizes tables in a second run, with joint_compression=True)",
        PalettizeScheme { PerChannelScale: true } => "does otherwise (enable_per_channel_scale: it scales input channels)",
        QuantizeScheme { CodeType: not (Graphs.ElementType.Int4 or Graphs.ElementType.UInt4 or Graphs.ElementType.Int8 or Graphs.ElementType.UInt8) } => "has no type for",
        QuantizeScheme { Clip: true } => "has no setting for (clip)",
        MagnitudePruneScheme { Channels: true } => "has no setting for (granularity)",
        MagnitudePruneScheme { ExactTies: true } => "has no setting for (ties)",
        _ => null,
    };

    private static string WriteFamily(List<(string Family, string Name, Scheme Scheme)> layers)
    {
        string type = OpConfigReader.ClassOf(layers[0].Scheme)!;
        StringBuilder text = new();
        text.Append("config_type: ").Append(type).Append("\nop_name_configs:\n");
        foreach ((_, string name, Scheme scheme) in layers)
        {
            text.Append("  ").Append(Quote(name)).Append(":\n");
            if (OpConfigReader.ClassOf(scheme) is { } own && own != type)
            {
                text.Append("    config_type: ").Append(own).Append('\n');
            }

            foreach (string setting in scheme.Canonical[(scheme.Family.Length + 1)..^1].Split(", "))
            {
                string[] sides = setting.Split('=', 2);
                if (sides[0] is not ("compat" or "distinct")) // how we compute, not what is stored
                {
                    text.Append("    ").Append(sides[0]).Append(": ").Append(Value(sides[0], sides[1])).Append('\n');
                }
            }

            text.Append("    weight_threshold: 0\n"); // the plan names the layer, so its size does not matter any more
        }

        return text.ToString();
    }

    // Lists as lists, and numbers with a point: YAML 1.1 takes 1E-12 for a text.
    private static string Value(string key, string value) => key switch
    {
        "n_m_ratio" => $"[{value.Replace(":", ", ", StringComparison.Ordinal)}]",
        "block_size" when value.Contains('x', StringComparison.Ordinal) => $"[{value.Replace("x", ", ", StringComparison.Ordinal)}]",
        _ when s_floats.Contains(key) && !value.Contains('.', StringComparison.Ordinal) =>
            value.Contains('E', StringComparison.Ordinal) ? value.Replace("E", ".0E", StringComparison.Ordinal) : value + ".0",
        _ => value,
    };

    // Names that YAML could take for something else are quoted; what JSON escapes, YAML's double quotes read.
    private static string Quote(string name) => PlainName().IsMatch(name) && name.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N")
        ? name
        : System.Text.Json.JsonSerializer.Serialize(name);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_./-]*$")]
    private static partial Regex PlainName();
}
