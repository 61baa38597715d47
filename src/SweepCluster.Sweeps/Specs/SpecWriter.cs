using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs;

/// <summary>Writes a spec as YAML that <see cref="SpecReader"/> reads as the same spec: the grid expanded, every default filled in. For other machines rather than for people.</summary>
public static class SpecWriter
{
    /// <summary>The text. Paths stand in it as the spec has them.</summary>
    /// <param name="spec">The spec.</param>
    public static string Write(SweepSpec spec)
    {
        StringBuilder text = new();
        Line(text, "name", Quote(spec.Name));
        Line(text, "model", Quote(spec.Model));
        Line(text, "target", Quote(spec.Target));
        WriteData(text, spec.Data);
        WriteObjective(text, spec.Objective);
        Line(text, "samples", string.Create(CultureInfo.InvariantCulture, $"{{probe: {spec.Samples.Probe}, choice: {spec.Samples.Choice}, confirm: {spec.Samples.Confirm}}}"));
        Line(text, "seed", spec.Seed.ToString(CultureInfo.InvariantCulture));
        Line(text, "global_config", string.Create(CultureInfo.InvariantCulture, $"{{{SpecKeys.WeightThreshold}: {spec.WeightThreshold}}}"));
        WriteOverrides(text, "op_type_configs", spec.OpTypeConfigs, spec.Schemes);
        WriteOverrides(text, "op_name_configs", spec.OpNameConfigs, spec.Schemes);
        List(text, "schemes", spec.Schemes.Select(Text));
        List(text, "plans", spec.GivenPlans.Select(plan => Quote(plan.Path)!));
        Line(text, "search", $"{{uniform: {Flag(spec.Search.Uniform)}, greedy: {{plans: {spec.Search.GreedyPlans}}}, probes: {Flag(spec.Search.Probes)}}}");
        return text.ToString();
    }

    private static void WriteData(StringBuilder text, DataSpec? data)
    {
        if (data is null)
        {
            return;
        }

        bool isArchive = data.Path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        text.Append("data:\n");
        Line(text, "  path", Quote(data.Path));
        Line(text, "  images", Quote(data.Images));
        Line(text, "  labels", data.Labels.Length > 0 ? Quote(data.Labels) : isArchive ? "null" : null);
        Line(text, "  file_column", Quote(data.FileColumn));
        Line(text, "  label_column", Quote(data.LabelColumn));
        Line(text, "  layout", data.Layout);
        Line(text, "  color", data.Color);
        Line(text, "  scale", $"[{string.Join(", ", data.Scale.Select(Number))}]");
        Line(text, "  bias", $"[{string.Join(", ", data.Bias.Select(Number))}]");
    }

    private static void WriteObjective(StringBuilder text, ObjectiveSpec objective)
    {
        bool inPoints = objective.Command.IsEmpty && objective.Metric is "top1" or "top5" or "agreement";
        text.Append("objective:\n");
        Line(text, "  metric", Quote(objective.Metric));
        Line(text, "  max_drop", objective.MaxDrop is { } drop ? Number(inPoints ? Points(drop) : drop) : null);
        if (!objective.Command.IsEmpty)
        {
            Line(text, "  higher", Flag(objective.Higher));
            Line(text, "  command", $"[{string.Join(", ", objective.Command.Select(Quote))}]");
            Line(text, "  timeout", objective.Timeout.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture));
        }
    }

    private static void WriteOverrides(StringBuilder text, string key, ImmutableSortedDictionary<string, LayerOverride> overrides, ImmutableArray<Scheme> grid)
    {
        if (overrides.IsEmpty)
        {
            return;
        }

        text.Append(key).Append(":\n");
        foreach ((string name, LayerOverride entry) in overrides)
        {
            List<string> items = [.. entry.WeightThreshold is not null && entry.Schemes.SequenceEqual(grid) ? [] : entry.Schemes.Select(Text)];
            if (entry.WeightThreshold is { } threshold)
            {
                items.Add(string.Create(CultureInfo.InvariantCulture, $"{{{SpecKeys.WeightThreshold}: {threshold}}}"));
            }

            Line(text, $"  {Quote(name)}", items.Count == 0 ? SpecKeys.Skip : $"[{string.Join(", ", items)}]");
        }
    }

    private static string Text(Scheme scheme) => Quote(scheme.Canonical)!;

    /// <summary>A share as percentage points that are read back as this share, bit for bit.</summary>
    private static double Points(double share)
    {
        double points = share * 100;
        return new[] { Math.Round(points, 10), points, Math.BitIncrement(points), Math.BitDecrement(points) }.FirstOrDefault(candidate => candidate / 100 == share, points);
    }

    private static void List(StringBuilder text, string key, IEnumerable<string> items)
    {
        bool any = false;
        foreach (string item in items)
        {
            text.Append(any ? "" : $"{key}:\n").Append("  - ").Append(item).Append('\n');
            any = true;
        }
    }

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(key).Append(": ").Append(value).Append('\n');
        }
    }

    /// <summary>A text between quotation marks, whatever is in it.</summary>
    private static string? Quote(string? value)
    {
        if (value is null)
        {
            return null;
        }

        StringBuilder text = new("\"");
        foreach (char character in value)
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                _ when char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || character == '\ufeff' =>
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        return text.Append('"').ToString();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "true" : "false";
}
