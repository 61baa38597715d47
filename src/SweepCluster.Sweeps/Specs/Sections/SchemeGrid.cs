using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads scheme entries: a family with settings, whose lists multiply into a grid, two families of a joint form, or one scheme as a line of text.</summary>
/// <param name="faults">Receives what is wrong.</param>
internal sealed class SchemeGrid(SpecFaults faults)
{
    private const long MaxSchemes = 10_000;

    private readonly List<Scheme> _schemes = [];
    private readonly HashSet<Scheme> _known = [];

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
            case MappingNode mapping:
                ReadFamilies(mapping.Place, mapping.Entries);
                break;
            default:
                faults.Add(entry.Place, $"found {entry.Description}, expected a scheme, as 'palettize: {{nbits: 4}}'");
                break;
        }
    }

    /// <summary>Reads <c>family: {key: value or list, ...}</c>, or <c>prune</c> beside <c>palettize</c> or <c>quantize</c> for a joint form, whose grids multiply.</summary>
    /// <param name="place">Where the entry stands.</param>
    /// <param name="families">Families with their settings.</param>
    /// <param name="others">Keys that may stand there beside families, for messages.</param>
    public void ReadFamilies(SpecPlace place, IReadOnlyList<SpecEntry> families, params string[] others)
    {
        SpecEntry? prune = families.FirstOrDefault(family => family.Key == "prune");
        SpecEntry? then = families.FirstOrDefault(family => SpecKeys.Joinable.Contains(family.Key));
        switch (families.Count)
        {
            case 1:
                AddAll(GridOf(families[0], others));
                break;
            case 2 when prune is not null && then is not null:
                List<Scheme> first = GridOf(prune, others), second = GridOf(then, others);
                if (Fits(place, "prune", (double)first.Count * second.Count))
                {
                    AddAll(first.SelectMany(left => second.Select(right => Try(place, () => SchemeText.Join(left, right)))).OfType<Scheme>());
                }

                break;
            default:
                foreach (SpecEntry unknown in families.Where(family => !SpecKeys.Families.ContainsKey(family.Key)))
                {
                    GridOf(unknown, others); // says what it should be
                }

                faults.Add(place, $"found {families.Count} keys in one scheme, expected one of {string.Join(", ", SpecKeys.Families.Keys)}, or prune with {string.Join(" or ", SpecKeys.Joinable)}");
                break;
        }
    }

    // The schemes of one family; empty where a setting is wrong.
    private List<Scheme> GridOf(SpecEntry family, string[] others)
    {
        if (!SpecKeys.Families.TryGetValue(family.Key, out IReadOnlyList<string>? keys))
        {
            string[] known = [.. SpecKeys.Families.Keys, .. others];
            faults.Add(family.Place, $"found scheme '{family.Key}', expected one of {string.Join(", ", known)}{NearName.Hint(family.Key, known)}");
            return [];
        }

        MappingNode? settings = family.Value as MappingNode ?? (family.Value.IsNull ? new MappingNode(family.Value.Place) : null);
        if (settings is null)
        {
            faults.Add(family.Value.Place, $"{family.Key}: found {family.Value.Description}, expected a mapping of settings");
            return [];
        }

        List<(SpecEntry Entry, List<string> Values)> axes = [];
        bool sound = true;
        foreach (SpecEntry setting in settings.Entries)
        {
            List<string>? values = ReadSetting(family.Key, keys, setting);
            sound &= values is not null;
            axes.Add((setting, values ?? []));
        }

        return sound && Fits(family.Place, family.Key, axes.Aggregate(1d, (product, axis) => product * axis.Values.Count)) ? Multiply(family, axes) : [];
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
            string? value = ValueOf(setting.Key, item);
            string? fault = value is null ? $"{setting.Key}: found {item.Description}, expected a value or a list of values" : FaultOf(family, setting.Key, value);
            if (fault is null)
            {
                values.Add(value!);
            }
            else
            {
                faults.Add(item.Place, fault);
            }
        }

        return values.Count == items.Count ? values : null;
    }

    // A value as the text form has it: flags in lower case, and where the setting is a list of its own its items joined.
    private static string? ValueOf(string key, SpecNode item) => item switch
    {
        ScalarNode { IsNull: false } scalar => scalar.Value is "True" or "TRUE" or "False" or "FALSE" ? scalar.Value.ToLowerInvariant() : scalar.Value,
        SequenceNode list when SpecKeys.Lists.TryGetValue(key, out char separator) && list.Items.TrueForAll(part => part is ScalarNode { IsNull: false }) =>
            string.Join(separator, list.Items.Select(part => ((ScalarNode)part).Value)),
        _ => null,
    };

    private static string? FaultOf(string family, string key, string value)
    {
        try
        {
            SchemeText.FromSettings(family, [new(key, value), .. SpecConditions.CompanionsOf(family, key, value)]);
            return null;
        }
        catch (BadInputException exception)
        {
            return exception.Message;
        }
    }

    private bool Fits(SpecPlace place, string family, double count)
    {
        if (count > MaxSchemes)
        {
            faults.Add(place, $"{family}: found a grid of {count:0} schemes, expected at most {MaxSchemes}");
        }

        return count <= MaxSchemes;
    }

    // A key that no combination can use is a mistake; one that some can use applies to those.
    private List<Scheme> Multiply(SpecEntry family, List<(SpecEntry Entry, List<string> Values)> axes)
    {
        HashSet<string> idle = [.. axes.Select(axis => axis.Entry.Key)];
        List<Dictionary<string, string>> combinations = [];
        int[] at = new int[axes.Count];
        do
        {
            Dictionary<string, string> chosen = axes.Select((axis, i) => KeyValuePair.Create(axis.Entry.Key, axis.Values[at[i]])).ToDictionary(StringComparer.Ordinal);
            SpecConditions.Trim(family.Key, chosen);
            idle.ExceptWith(chosen.Keys);
            combinations.Add(chosen);
        }
        while (Advance(at, axes));

        foreach ((SpecEntry entry, _) in axes.Where(axis => idle.Contains(axis.Entry.Key)))
        {
            faults.Add(entry.Place, $"{entry.Key}: has no meaning without {SpecConditions.TextOf(family.Key, entry.Key)}");
        }

        return idle.Count > 0 ? [] : [.. combinations.Select(chosen => Try(family.Place, () => SchemeText.FromSettings(family.Key, chosen))).OfType<Scheme>()];
    }

    // The next combination, the last axis fastest; false after the last.
    private static bool Advance(int[] at, List<(SpecEntry Entry, List<string> Values)> axes)
    {
        for (int axis = at.Length - 1; axis >= 0; axis--)
        {
            if (++at[axis] < axes[axis].Values.Count)
            {
                return true;
            }

            at[axis] = 0;
        }

        return false;
    }

    // Settings that are sound one by one may contradict each other.
    private Scheme? Try(SpecPlace place, Func<Scheme> make)
    {
        try
        {
            return make();
        }
        catch (BadInputException exception)
        {
            faults.Add(place, exception.Message);
            return null;
        }
    }

    private void AddAll(IEnumerable<Scheme> schemes)
    {
        foreach (Scheme scheme in schemes)
        {
            Add(scheme);
        }
    }

    private void Add(Scheme scheme)
    {
        if (_known.Add(scheme))
        {
            _schemes.Add(scheme);
        }
    }
}
