using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>Reads the settings of one scheme and collects every fault, so that all are reported at once.</summary>
internal sealed class SchemeSettings
{
    private readonly string _family;
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    internal SchemeSettings(string family, IReadOnlyCollection<KeyValuePair<string, string>> settings)
    {
        _family = family;
        foreach ((string key, string value) in settings)
        {
            if (!_settings.TryAdd(key, value))
            {
                _faults.Add($"key '{key}' stands twice");
            }
        }
    }

    internal string OneOf(string key, string fallback, string[] allowed)
    {
        _known.Add(key);
        string value = _settings.GetValueOrDefault(key, fallback);
        if (allowed.Contains(value))
        {
            return value;
        }

        _faults.Add($"{key}: found '{value}', expected {string.Join(" or ", allowed)}{(value.Any(char.IsAsciiDigit) ? "" : NearName.Hint(value, allowed))}"); // another number is no slip of the pen
        return fallback;
    }

    internal int Integer(string key, int fallback, Func<int, bool> accepts, string expected, bool usedIf = true, string condition = "")
    {
        if (Text(key, usedIf, condition) is not string text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && accepts(value))
        {
            return value;
        }

        _faults.Add($"{key}: found '{text}', expected {expected}{(text.Length > 9 && text.All(char.IsAsciiDigit) ? $", at most {int.MaxValue}" : "")}");
        return fallback;
    }

    internal bool Has(string key) => _settings.ContainsKey(key);

    internal void Check(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }

    internal double Number(string key, double fallback, Func<double, bool> accepts, string expected, bool usedIf = true, string condition = "")
    {
        if (Text(key, usedIf, condition) is not string text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && accepts(value))
        {
            return value + 0.0; // -0 is 0
        }

        _faults.Add($"{key}: found '{text}', expected {expected}");
        return fallback;
    }

    internal ElementType CodeType(string key, ElementType fallback)
    {
        if (Text(key) is not string text)
        {
            return fallback;
        }

        if (ElementTypes.TryParse(text, out ElementType type) && type.IsInteger() && type.BitWidth() <= 16)
        {
            return type;
        }

        _faults.Add($"{key}: found '{text}', expected int or uint with 1 to 16 bits, as int8 or uint4");
        return fallback;
    }

    // One number for blocks along the input axis, or one for each axis joined by x: 1x32x0x0.
    internal (int Size, Shape? Blocks) Blocks(string key, int fallback, bool usedIf)
    {
        if (Text(key, usedIf, "granularity=per_block") is not string text)
        {
            return (usedIf ? fallback : 0, null);
        }

        List<int> extents = [];
        foreach (string part in text.Split('x', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int extent))
            {
                _faults.Add($"{key}: found '{text}', expected 1 or more, or a number for each axis as 1x32x0x0 (0 for the whole axis)");
                return (fallback, null);
            }

            extents.Add(extent);
        }

        if (extents is [0])
        {
            _faults.Add($"{key}: found '0', expected 1 or more");
        }

        return extents.Count == 1 ? (extents[0], null) : (0, new Shape([.. extents]));
    }

    internal (int N, int M) Ratio(string key, (int N, int M) fallback)
    {
        if (Text(key) is not string text)
        {
            return fallback;
        }

        string[] sides = text.Split(':', StringSplitOptions.TrimEntries);
        if (sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int n) && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int m)
            && n >= 1 && n < m)
        {
            return (n, m);
        }

        _faults.Add($"{key}: found '{text}', expected n:m with n from 1 to m - 1, as 2:4");
        return fallback;
    }

    internal PaletteTableRule? Table(string key, bool usedIf)
    {
        string? text = Text(key, usedIf, "mode=custom");
        if (text is null)
        {
            Check(!usedIf, $"mode=custom: found no '{key}', expected numbers joined by | or a rule ({string.Join(", ", PaletteTableRule.Rules)})");
            return null;
        }

        if (PaletteTableRule.TryParse(text, out PaletteTableRule rule))
        {
            return rule;
        }

        _faults.Add($"{key}: found '{text}', expected 2 to 256 numbers joined by |, or a rule ({string.Join(", ", PaletteTableRule.Rules)})");
        return null;
    }

    // The setting, or null where it is missing or means nothing beside the others.
    private string? Text(string key, bool usedIf = true, string condition = "")
    {
        _known.Add(key);
        if (!_settings.TryGetValue(key, out string? text) || usedIf)
        {
            return text;
        }

        _faults.Add($"{key}: has no meaning without {condition}");
        return null;
    }

    internal void Finish()
    {
        foreach (string key in _settings.Keys.Where(key => !_known.Contains(key)))
        {
            _faults.Add(_known.Count == 0 ? $"unknown key '{key}', expected none" : $"unknown key '{key}', expected one of {string.Join(", ", _known)}{NearName.Hint(key, _known)}");
        }

        if (_faults.Count > 0)
        {
            throw new BadInputException(NearName.Ended($"scheme '{_family}': {string.Join("; ", _faults)}"));
        }
    }
}
