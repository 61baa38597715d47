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

        _faults.Add($"{key}: found '{value}', expected {string.Join(" or ", allowed)}");
        return fallback;
    }

    internal int Integer(string key, int fallback, Func<int, bool> accepts, string expected, bool usedIf = true, string condition = "")
    {
        _known.Add(key);
        if (!_settings.TryGetValue(key, out string? text))
        {
            return fallback;
        }

        if (!usedIf)
        {
            _faults.Add($"{key}: has no meaning without {condition}");
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && accepts(value))
        {
            return value;
        }

        _faults.Add($"{key}: found '{text}', expected {expected}");
        return fallback;
    }

    internal double Fraction(string key, double fallback)
    {
        _known.Add(key);
        if (!_settings.TryGetValue(key, out string? text))
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1)
        {
            return value;
        }

        _faults.Add($"{key}: found '{text}', expected a number above 0 and below 1");
        return fallback;
    }

    internal void Finish()
    {
        foreach (string key in _settings.Keys.Where(key => !_known.Contains(key)))
        {
            _faults.Add(_known.Count == 0 ? $"unknown key '{key}', expected none" : $"unknown key '{key}', expected one of {string.Join(", ", _known)}");
        }

        if (_faults.Count > 0)
        {
            throw new BadInputException($"scheme '{_family}': {string.Join("; ", _faults)}.");
        }
    }
}
