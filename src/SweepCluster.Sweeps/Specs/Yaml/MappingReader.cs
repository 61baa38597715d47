using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>Reads the keys of one mapping and records every fault: unknown keys at once, wrong kinds and values as they are asked for.</summary>
internal sealed class MappingReader
{
    private readonly MappingNode _mapping;
    private readonly SpecFaults _faults;
    private readonly string _path;

    /// <summary>Reads a mapping.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="path">Its key with a dot behind it, for messages: <c>samples.</c>; empty for the root.</param>
    /// <param name="keys">Every key that it may have.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public MappingReader(MappingNode mapping, string path, IReadOnlyCollection<string> keys, SpecFaults faults)
    {
        _mapping = mapping;
        _path = path;
        _faults = faults;
        foreach (SpecEntry entry in mapping.Entries.Where(entry => !keys.Contains(entry.Key)))
        {
            faults.Add(entry.Place, $"found key '{entry.Key}', expected one of {string.Join(", ", keys)}{NearName.Hint(entry.Key, keys)}");
        }
    }

    /// <summary>Where the mapping stands.</summary>
    public SpecPlace Place => _mapping.Place;

    /// <summary>The value of a key; null where it is absent or says nothing.</summary>
    public SpecNode? Node(string key) => _mapping.Find(key)?.Value is { IsNull: false } value ? value : null;

    /// <summary>Whether a key stands there with null as its value.</summary>
    public bool SaysNothing(string key) => _mapping.Find(key)?.Value.IsNull == true;

    /// <summary>Records a fault at the value of a key, or at the mapping where the key is absent.</summary>
    public void Fault(string key, string message) => _faults.Add(_mapping.Find(key)?.Value.Place ?? _mapping.Place, $"{_path}{key}: {message}");

    /// <summary>A text; null where it is absent or none.</summary>
    public string? Text(string key, string expected)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar.Value;
            case SpecNode other:
                Fault(key, $"found {other.Description}, expected {expected}");
                return null;
        }
    }

    /// <summary>One of several texts; the first of them where it is absent or wrong.</summary>
    public string OneOf(string key, params ReadOnlySpan<string> allowed) => OneOfOrNull(key, allowed) ?? allowed[0];

    /// <summary>One of several texts; null where it is absent or wrong.</summary>
    public string? OneOfOrNull(string key, params ReadOnlySpan<string> allowed)
    {
        string[] options = allowed.ToArray();
        string expected = string.Join(" or ", options);
        string? value = Text(key, expected);
        if (value is null || options.Contains(value))
        {
            return value;
        }

        Fault(key, $"found '{value}', expected {expected}{NearName.Hint(value, options)}");
        return null;
    }

    /// <summary>A whole number; null where it is absent or wrong.</summary>
    public long? Integer(string key, long low, long high)
    {
        string expected = high == long.MaxValue || high == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number, {low} or more")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number, {low} to {high}");
        if (Text(key, expected) is not string text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high)
        {
            return value;
        }

        Fault(key, $"found '{text}', expected {expected}");
        return null;
    }

    /// <summary>A finite number; null where it is absent or wrong.</summary>
    public double? Number(string key, double low, double high, string expected)
    {
        if (Text(key, expected) is not string text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= low && value <= high)
        {
            return value;
        }

        Fault(key, $"found '{text}', expected {expected}");
        return null;
    }

    /// <summary>True or false; null where it is absent or wrong.</summary>
    public bool? Flag(string key) => OneOfOrNull(key, "true", "false") is string text ? text == "true" : null;

    /// <summary>A mapping inside this one; null where it is absent or none.</summary>
    public MappingReader? Mapping(string key, IReadOnlyCollection<string> keys)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case MappingNode mapping:
                return new MappingReader(mapping, $"{_path}{key}.", keys, _faults);
            case SpecNode other:
                Fault(key, $"found {other.Description}, expected a mapping with {string.Join(", ", keys)}");
                return null;
        }
    }

    /// <summary>A list of texts; a single text counts as a list of one. Empty where it is absent or wrong.</summary>
    public ImmutableArray<ScalarNode> Texts(string key, string expected)
    {
        SpecNode? node = Node(key);
        IEnumerable<SpecNode> items = node is SequenceNode sequence ? sequence.Items : node is null ? [] : [node];
        List<ScalarNode> texts = [];
        foreach (SpecNode item in items)
        {
            if (item is ScalarNode { IsNull: false } scalar)
            {
                texts.Add(scalar);
            }
            else
            {
                _faults.Add(item.Place, $"{_path}{key}: found {item.Description}, expected {expected}");
            }
        }

        return [.. texts];
    }
}
