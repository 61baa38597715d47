using System.Globalization;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Heat;

/// <summary>Rows, columns and scale of the sensitivity map.</summary>
internal sealed class HeatLayout
{
    private const double LargestRange = 1e4; // ends of the scale are at most this many times apart

    private readonly Dictionary<(string Layer, string Scheme), SensitivitySummary> _entries = [];

    internal HeatLayout(SweepSummary summary)
    {
        Measure = HeatMeasure.For(summary);
        Layers = [.. summary.Layers.DistinctBy(layer => layer.Name)];
        Groups = [.. summary.Schemes.DistinctBy(scheme => scheme.Canonical).GroupBy(scheme => scheme.Family, StringComparer.Ordinal)];
        foreach (SensitivitySummary entry in summary.Sensitivities)
        {
            _entries.TryAdd((entry.Layer, entry.Scheme), entry);
        }

        double[] values = [.. summary.Sensitivities.Select(Measure.Of).OfType<double>().Where(value => value > 0 && double.IsFinite(value)).Order()];
        High = values.Length > 0 ? values[^1] : 1;
        Low = values.Length > 0 ? Math.Max(values[0], High / LargestRange) : 1;
    }

    internal HeatMeasure Measure { get; }

    internal LayerSummary[] Layers { get; }

    /// <summary>Schemes by family, in order of each family's first scheme.</summary>
    internal IGrouping<string, SchemeSummary>[] Groups { get; }

    /// <summary>Value at the lower end of the scale.</summary>
    internal double Low { get; }

    /// <summary>Value at the upper end of the scale.</summary>
    internal double High { get; }

    internal SensitivitySummary? Entry(LayerSummary layer, SchemeSummary scheme) => _entries.GetValueOrDefault((layer.Name, scheme.Canonical));

    /// <summary>Powers of ten within the scale, with their place 0..1.</summary>
    internal IEnumerable<(string Label, double Place)> Decades()
    {
        for (int exponent = (int)Math.Ceiling(Math.Log10(Low) - 1e-9); High > Low && exponent <= Math.Log10(High); exponent++)
        {
            yield return (Brief(Math.Pow(10, exponent)), Math.Clamp((exponent - Math.Log10(Low)) / Math.Log10(High / Low), 0, 1));
        }
    }

    /// <summary>Two digits in at most five characters: <c>12</c>, <c>.35</c>, <c>.0012</c>, <c>4e-5</c>.</summary>
    internal static string Brief(double value)
    {
        double size = Math.Abs(value);
        string text = size switch
        {
            0 => "0",
            >= 99.5 and < 9999.5 or >= 9.95 and < 99.5 => value.ToString("0", CultureInfo.InvariantCulture),
            >= 9999.5 => value.ToString("0e0", CultureInfo.InvariantCulture),
            >= 0.995 => value.ToString("0.#", CultureInfo.InvariantCulture),
            >= 0.0995 => value.ToString("0.##", CultureInfo.InvariantCulture),
            >= 0.00995 => value.ToString("0.###", CultureInfo.InvariantCulture),
            >= 0.00095 => value.ToString("0.####", CultureInfo.InvariantCulture),
            _ => value.ToString("0e-0", CultureInfo.InvariantCulture),
        };
        return text.Replace("0.", ".", StringComparison.Ordinal).Replace('-', size < 0.00095 && value > 0 ? '-' : '\u2212');
    }
}
