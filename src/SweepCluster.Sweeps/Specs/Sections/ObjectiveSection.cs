using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads <c>objective</c>.</summary>
internal static class ObjectiveSection
{
    private const string Seconds = "a time above 0, as 600, '600 s' or '10 min'";

    /// <summary>Reads the section; top-1 without a stated drop where it is absent.</summary>
    public static ObjectiveSpec Read(MappingReader root, string folder, SpecFaults faults)
    {
        MappingReader objective = root.Mapping("objective", SpecKeys.Objective) ?? new MappingReader(new MappingNode(root.Place), "objective.", SpecKeys.Objective, faults);
        if (objective.Node("command") is not null)
        {
            return ReadCommand(objective, folder);
        }

        string metric = objective.OneOf("metric", "top1", "top5", "agreement", "kl", "loss");
        foreach (string key in new[] { "higher", "timeout" })
        {
            if (objective.Node(key) is not null)
            {
                objective.Fault(key, "has no meaning without command");
            }
        }

        double? drop = metric is "kl" or "loss"
            ? objective.Number("max_drop", 0, double.MaxValue, "a number of nats, 0 or more")
            : objective.Number("max_drop", 0, 100, "a number of percentage points, 0 to 100") / 100;
        return new ObjectiveSpec(metric, metric is not ("kl" or "loss"), drop, [], TimeSpan.Zero);
    }

    private static ObjectiveSpec ReadCommand(MappingReader objective, string folder)
    {
        ImmutableArray<string> command = [];
        if (objective.Node("command") is ScalarNode { IsNull: false } text)
        {
            // It is started without a shell: a line of text would be looked for as one program of that name.
            objective.Fault("command", $"found the text '{text.Value}', expected a list of a program and its arguments, as [sh, eval.sh, '{{model}}']");
        }
        else
        {
            command = [.. objective.Texts("command", "a list of a program and its arguments").Select(entry => entry.Value)];
            CheckModel(objective, command);
        }

        string? metric = objective.Text("metric", "the name of a metric that the command prints");
        if (objective.Node("metric") is null)
        {
            objective.Fault("metric", "found none, expected the name of a metric that the command prints");
        }

        return new ObjectiveSpec(
            metric ?? "",
            objective.Flag("higher") ?? true,
            objective.Number("max_drop", 0, double.MaxValue, "a number in the metric's own unit, 0 or more"),
            command,
            Timeout(objective),
            folder);
    }

    private static void CheckModel(MappingReader objective, ImmutableArray<string> command)
    {
        if (!command.Any(argument => argument.Contains("{model}", StringComparison.Ordinal)))
        {
            objective.Fault("command", "found no argument with '{model}', expected one: it stands for the path of the package to measure");
        }
    }

    private static TimeSpan Timeout(MappingReader objective)
    {
        if (objective.Text("timeout", Seconds) is not string text)
        {
            return TimeSpan.FromSeconds(600);
        }

        string trimmed = text.Trim();
        string digits = trimmed.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz "]);
        double unit = trimmed[digits.Length..].Trim() switch { "" or "s" => 1, "min" => 60, "h" => 3600, _ => double.NaN };
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit is > 0 and < 1e7)
        {
            return TimeSpan.FromSeconds(value * unit);
        }

        objective.Fault("timeout", $"found '{text}', expected {Seconds}");
        return TimeSpan.FromSeconds(600);
    }
}
