using System.Security.Cryptography;
using System.Text;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>One scheme for every layer: a whole-model configuration. Layers that are not named stay untouched.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(PlanJsonConverter))]
public sealed class Plan
{
    private const int IdLength = 16; // 64 bits: in a sweep of a million plans, two share an id once in 37 million sweeps

    private readonly PlanSchemes _schemes;

    private Plan(PlanKind kind, string label, PlanSchemes schemes)
    {
        Kind = kind;
        Label = label;
        _schemes = schemes;
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical)))[..IdLength];
    }

    /// <summary>First 16 hexadecimal digits of the SHA-256 of <see cref="Canonical"/>: equal plans have equal ids in every sweep.</summary>
    public string Id { get; }

    /// <summary>Where the plan came from. Not part of its identity.</summary>
    public PlanKind Kind { get; }

    /// <summary>A few characters for tables: the scheme's label for a uniform plan, <c>mixed-03</c> for a mixed one. Not part of its identity.</summary>
    public string Label { get; }

    /// <summary>Scheme by layer name (ordinal order); no entry is <c>none</c>.</summary>
    public IReadOnlyDictionary<string, Scheme> Schemes => _schemes;

    /// <summary>Canonical text of the scheme by layer name (ordinal order).</summary>
    public IReadOnlyDictionary<string, string> SchemeTexts => _schemes.Texts;

    /// <summary>One line for each layer, <c>name: scheme</c>, in ordinal order of names.</summary>
    public string Canonical
    {
        get
        {
            StringBuilder text = new();
            foreach ((string layer, string scheme) in SchemeTexts)
            {
                text.Append(layer).Append(": ").Append(scheme).Append('\n');
            }

            return text.ToString();
        }
    }

    /// <summary>Makes a plan; entries with the scheme <c>none</c> are dropped.</summary>
    /// <exception cref="ArgumentException">A layer has two schemes.</exception>
    public static Plan Create(PlanKind kind, string label, IEnumerable<KeyValuePair<string, Scheme>> schemes) => new(
        kind, label, new PlanSchemes([.. schemes.Where(entry => entry.Value is not UntouchedScheme)]));

    /// <summary>The plan that leaves everything as it is.</summary>
    public static Plan Baseline { get; } = Create(PlanKind.Baseline, "baseline", []);
}
