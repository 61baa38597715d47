using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Labels of a trial, looked up in its job's text: reading all of it would take longer than counting is worth.</summary>
internal static class TrialTags
{
    private const string KindKey = "\"kind\":\"", RangeKey = "\"range\":\"";

    private static readonly (string Text, string Tag)[] s_kinds = [.. Enum.GetNames<PlanKind>().Select(name => (name, name.ToLowerInvariant()))];
    private static readonly (string Text, string Tag)[] s_ranges = [.. Enum.GetNames<SampleRange>().Select(name => (name, name.ToLowerInvariant()))];

    /// <summary>All there are.</summary>
    internal static IEnumerable<(string Plan, string Range)> All => s_kinds.SelectMany(_ => s_ranges, static (kind, range) => (kind.Tag, range.Tag));

    /// <summary>Finds the kind of the plan and the range.</summary>
    /// <returns>False where the text is no trial's of this version.</returns>
    internal static bool TryRead(string payload, out string plan, out string range)
    {
        // The plan's kind stands first of all, and nothing that a user names stands behind the range.
        plan = Find(payload, payload.IndexOf(KindKey, StringComparison.Ordinal), KindKey, s_kinds);
        range = Find(payload, payload.LastIndexOf(RangeKey, StringComparison.Ordinal), RangeKey, s_ranges);
        return plan.Length > 0 && range.Length > 0;
    }

    private static string Find(string payload, int at, string key, (string Text, string Tag)[] known)
    {
        if (at >= 0)
        {
            ReadOnlySpan<char> rest = payload.AsSpan(at + key.Length);
            foreach ((string text, string tag) in known)
            {
                if (rest.StartsWith(text, StringComparison.Ordinal) && rest.Length > text.Length && rest[text.Length] == '"')
                {
                    return tag;
                }
            }
        }

        return "";
    }
}
