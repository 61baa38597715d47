using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Specs.CoreMlTools;

/// <summary>Writes plans in coremltools' configuration form.</summary>
internal static partial class CoreMlToolsWriter
{
    public static ImmutableArray<CoreMlToolsText> Write(Plan plan)
    {
        ILookup<bool, KeyValuePair<string, Scheme>> layers = plan.Schemes.ToLookup(layer => OpConfigReader.ClassOf(layer.Value.Family) is not null);
        string remarks = string.Concat(layers[false].Select(layer => $"# {layer.Key}: {layer.Value.Canonical}, which coremltools has no compressor for\n"));
        return [.. layers[true]
            .GroupBy(layer => layer.Value.Family)
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(family => new CoreMlToolsText(family.Key, remarks + WriteFamily(OpConfigReader.ClassOf(family.Key)!, family)))];
    }

    private static string WriteFamily(string type, IEnumerable<KeyValuePair<string, Scheme>> layers)
    {
        StringBuilder text = new();
        text.Append("config_type: ").Append(type).Append("\nop_name_configs:\n");
        foreach ((string name, Scheme scheme) in layers)
        {
            text.Append("  ").Append(Quote(name)).Append(":\n");
            foreach (string setting in scheme.Canonical[(scheme.Family.Length + 1)..^1].Split(", "))
            {
                text.Append("    ").Append(setting.Replace("=", ": ", StringComparison.Ordinal)).Append('\n');
            }

            text.Append("    weight_threshold: 0\n"); // the plan names the layer, so its size does not matter any more
        }

        return text.ToString();
    }

    // Names that YAML could take for something else are quoted; what JSON escapes, YAML's double quotes read.
    private static string Quote(string name) => PlainName().IsMatch(name) && name.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N")
        ? name
        : System.Text.Json.JsonSerializer.Serialize(name);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_./-]*$")]
    private static partial Regex PlainName();
}
