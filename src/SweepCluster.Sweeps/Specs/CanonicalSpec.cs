using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs;

/// <summary>Writes a spec as text that is the same for equal requests: every default filled in, the grid expanded, folders left out.</summary>
internal static class CanonicalSpec
{
    /// <summary>The text: one line a setting, always in the same order.</summary>
    public static string Write(SweepSpec spec)
    {
        StringBuilder text = new();
        Line(text, "name", spec.Name);
        Line(text, "model", Path.GetFileName(Path.TrimEndingDirectorySeparator(spec.Model)));
        Line(text, "target", spec.Target ?? "as the model");
        if (spec.Data is DataSpec data)
        {
            Line(text, "data.path", Path.GetFileName(Path.TrimEndingDirectorySeparator(data.Path)));
            Line(text, "data.images", data.Images);
            Line(text, "data.labels", Path.GetFileName(data.Labels));
            Line(text, "data.file_column", data.FileColumn ?? "first");
            Line(text, "data.label_column", data.LabelColumn ?? "label");
            Line(text, "data.layout", data.Layout ?? "from the shape");
            Line(text, "data.color", data.Color ?? "as the model");
            Line(text, "data.scale", string.Join(", ", data.Scale.Select(Number)));
            Line(text, "data.bias", string.Join(", ", data.Bias.Select(Number)));
        }

        WriteObjective(text, spec.Objective);
        Line(text, "samples", $"{{probe: {spec.Samples.Probe}, choice: {spec.Samples.Choice}, confirm: {spec.Samples.Confirm}}}");
        Line(text, "seed", spec.Seed.ToString(CultureInfo.InvariantCulture));
        Line(text, "global_config.weight_threshold", spec.WeightThreshold.ToString(CultureInfo.InvariantCulture));
        WriteOverrides(text, "op_type_configs", spec.OpTypeConfigs);
        WriteOverrides(text, "op_name_configs", spec.OpNameConfigs);
        foreach (Scheme scheme in spec.Schemes)
        {
            Line(text, "scheme", scheme.Canonical);
        }

        foreach (GivenPlan plan in spec.GivenPlans)
        {
            Line(text, "plan", $"{Path.GetFileName(plan.Path)}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan.Text)))}");
        }

        Line(text, "search", $"{{uniform: {Flag(spec.Search.Uniform)}, greedy: {{plans: {spec.Search.GreedyPlans}}}, probes: {Flag(spec.Search.Probes)}}}");
        return text.ToString();
    }

    private static void WriteObjective(StringBuilder text, ObjectiveSpec objective)
    {
        Line(text, "objective.metric", objective.Metric);
        Line(text, "objective.higher", Flag(objective.Higher));
        Line(text, "objective.max_drop", objective.MaxDrop is double drop ? Number(drop) : "none");
        if (!objective.Command.IsEmpty)
        {
            Line(text, "objective.command", string.Join(' ', objective.Command.Select(argument => $"'{argument}'")));
            Line(text, "objective.timeout", Number(objective.Timeout.TotalSeconds) + " s");
        }
    }

    private static void WriteOverrides(StringBuilder text, string key, ImmutableSortedDictionary<string, LayerOverride> overrides)
    {
        foreach ((string name, LayerOverride entry) in overrides)
        {
            string schemes = entry.Skip ? SpecKeys.Skip : string.Join("; ", entry.Schemes.Select(scheme => scheme.Canonical));
            Line(text, $"{key}.{name}", entry.WeightThreshold is long threshold ? string.Create(CultureInfo.InvariantCulture, $"{schemes}; weight_threshold={threshold}") : schemes);
        }
    }

    private static void Line(StringBuilder text, string key, string value) => text.Append(key).Append(": ").Append(value).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "true" : "false";
}
