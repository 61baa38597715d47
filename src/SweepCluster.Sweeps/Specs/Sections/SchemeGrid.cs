using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs.Yaml;
using SweepCluster.Sweeps.Names;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads scheme entries: a family with settings, whose lists multiply into a grid, or one scheme as a line of text.</summary>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class SchemeGrid(SpecFaults faults)
{
    private const long MaxSchemes = 10_000;

    private readonly List<Scheme> _schemes = [];

    /// <summary>The schemes read so far, in the order in which they were written, without repetitions.</summary>
    public ImmutableArray<Scheme> Schemes => [.. _schemes];

    /// <summary>Reads one entry of a list of schemes.</summary>
    public void ReadEntry(SpecNode entry)
    {
        switch (entry)
        {
            case ScalarNode { IsNull: false } text:
                ReadText(text);
                break;
            case MappingNode { Entries: [SpecEntry family] }:
                ReadFamily(family);
                break;
            case MappingNode mapping:
                faults.Add(mapping.Place, $"found {mapping.Entries.Count} keys in one scheme, expected one of {string.Join(", ", SpecKeys.Families.Keys)}");
                break;
            default:
                faults.Add(entry.Place, $"found {entry.Description}, expected a scheme, as 'palettize: {{nbits: 4}}'");
                break;
        }
    }

    /// <summary>Reads <c>family: {key: value or list, ...}</c>.</summary>
    /// <param name="family">Family and settings.</param>
    /// <param name="others">Keys that may stand there beside families, for messages.</param>
    public void ReadFamily(SpecEntry family, params string[] others)
    {
        if (!SpecKeys.Families.TryGetValue(family.Key, out IReadOnlyList<string>? keys))
        {
            string[] known = [.. SpecKeys.Families.Keys, .. others];
            faults.Add(family.Place, $"found scheme '{family.Key}', expected one of {string.Join(", ", known)}{NearName.Hint(family.Key, known)}");
            return;
        }

        MappingNode? settings = family.Value as MappingNode ?? (family.Value.IsNull ? new MappingNode(family.Value.Place) : null);
        if (settings is null)
        {
            faults.Add(family.Value.Place, $"{family.Key}: found {family.Value.Description}, expected a mapping of settings");
            return;
        }

        List<KeyValuePair<string, List<string>>> axes = [];
        bool sound = true;
        foreach (SpecEntry setting in settings.Entries)
        {
            List<string>? values = ReadSetting(family.Key, keys, setting);
            sound &= values is not null;
            axes.Add(new(setting.Key, values ?? []));
        }

        sound &= ConditionsHold(settings, axes);
        if (sound)
        {
            Multiply(family, axes);
        }
    }

    private void ReadText(ScalarNode text)
    {
        try
        {
            Scheme scheme = SchemeText.Parse(text.Value);
            if (scheme is UntouchedScheme)
            {
                faults.Add(text.Place, "found scheme 'none', expected one that changes something; every sweep measures the untouched model as its baseline");
                return;
            }

            Add(scheme);
        }
        catch (BadInputException exception)
        {
            faults.Add(text.Place, exception.Message);
        }
    }

    // The values of one setting, each checked by itself so that its fault names its own line; null where any is wrong.
    private List<string>? ReadSetting(string family, IReadOnlyList<string> keys, SpecEntry setting)
    {
        if (!keys.Contains(setting.Key))
        {
            string expected = keys.Count == 0 ? "none" : $"one of {string.Join(", ", keys)}";
            faults.Add(setting.Place, $"found key '{setting.Key}', expected {expected}{NearName.Hint(setting.Key, keys)}");
            return null;
        }

        List<SpecNode> items = setting.Value is SequenceNode sequence ? sequence.Items : [setting.Value];
        if (items.Count == 0)
        {
            faults.Add(setting.Place, $"{setting.Key}: found an empty list, expected at least one value");
            return null;
        }

        List<string> values = [];
        foreach (SpecNode item in items)
        {
            string? fault = item is ScalarNode { IsNull: false } scalar ? FaultOf(family, setting.Key, scalar.Value) : $"{setting.Key}: found {item.Description}, expected a value or a list of values";
            if (fault is null)
            {
                values.Add(((ScalarNode)item).Value);
            }
            else
            {
                faults.Add(item.Place, fault);
            }
        }

        return values.Count == items.Count ? values : null;
    }

    private static string? FaultOf(string family, string key, string value)
    {
        List<KeyValuePair<string, string>> settings = [new(key, value)];
        if (SpecKeys.Conditions.TryGetValue(key, out KeyValuePair<string, string> condition))
        {
            settings.Add(condition);
        }

        try
        {
            SchemeText.FromSettings(family, settings);
            return null;
        }
        catch (BadInputException exception)
        {
            return exception.Message;
        }
    }

    // A key that no combination can use is a mistake; one that some can use applies to those.
    private bool ConditionsHold(MappingNode settings, List<KeyValuePair<string, List<string>>> axes)
    {
        bool hold = true;
        foreach (SpecEntry setting in settings.Entries)
        {
            if (SpecKeys.Conditions.TryGetValue(setting.Key, out KeyValuePair<string, string> condition)
                && !axes.Exists(axis => axis.Key == condition.Key && (axis.Value.Count == 0 || axis.Value.Contains(condition.Value))))
            {
                faults.Add(setting.Place, $"{setting.Key}: has no meaning without {condition.Key}={condition.Value}");
                hold = false;
            }
        }

        return hold;
    }

    private void Multiply(SpecEntry family, List<KeyValuePair<string, List<string>>> axes)
    {
        double count = axes.Aggregate(1d, (product, axis) => product * axis.Value.Count);
        if (count > MaxSchemes)
        {
            faults.Add(family.Place, $"{family.Key}: found a grid of {count:0} schemes, expected at most {MaxSchemes}");
            return;
        }

        int[] at = new int[axes.Count];
        do
        {
            List<KeyValuePair<string, string>> chosen = [.. axes.Select((axis, i) => KeyValuePair.Create(axis.Key, axis.Value[at[i]]))];
            chosen.RemoveAll(setting => SpecKeys.Conditions.TryGetValue(setting.Key, out KeyValuePair<string, string> condition) && !chosen.Contains(condition));
            Add(SchemeText.FromSettings(family.Key, chosen));
        }
        while (Advance(at, axes));
    }

    // The next combination, the last axis fastest; false after the last.
    private static bool Advance(int[] at, List<KeyValuePair<string, List<string>>> axes)
    {
        for (int axis = at.Length - 1; axis >= 0; axis--)
        {
            if (++at[axis] < axes[axis].Value.Count)
            {
                return true;
            }

            at[axis] = 0;
        }

        return false;
    }

    private void Add(Scheme scheme)
    {
        if (!_schemes.Contains(scheme))
        {
            _schemes.Add(scheme);
        }
    }
}
