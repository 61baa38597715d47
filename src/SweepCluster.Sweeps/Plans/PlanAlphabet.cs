using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>Layer names and schemes that plans have in common, so that a plan keeps numbers instead of texts. Never changes; a plan that needs more begins a larger one.</summary>
internal sealed class PlanAlphabet
{
    private const int MostSchemes = ushort.MaxValue;
    private static PlanAlphabet s_latest = new([], []);

    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<Scheme, ushort> _codes;
    private readonly Dictionary<string, ushort> _codesByText;

    private PlanAlphabet(IEnumerable<string> names, IEnumerable<Scheme> schemes)
    {
        Names = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Schemes = [.. schemes.Distinct()];
        Texts = Array.ConvertAll(Schemes, scheme => scheme.Canonical);
        _numbers = Names.Select((name, number) => (name, number)).ToDictionary(entry => entry.name, entry => entry.number, StringComparer.Ordinal);
        _codes = Schemes.Select((scheme, index) => (scheme, index)).ToDictionary(entry => entry.scheme, entry => (ushort)(entry.index + 1));
        _codesByText = _codes.ToDictionary(entry => entry.Key.Canonical, entry => entry.Value, StringComparer.Ordinal);
    }

    /// <summary>Layer names in ordinal order.</summary>
    internal string[] Names { get; }

    /// <summary>Schemes; the code of one is its place, from 1.</summary>
    internal Scheme[] Schemes { get; }

    /// <summary>Their canonical texts.</summary>
    internal string[] Texts { get; }

    /// <summary>Codes by layer name, 0 where a layer has no scheme, in an alphabet that is shared as far as possible.</summary>
    /// <exception cref="ArgumentException">A layer has two schemes.</exception>
    internal static (PlanAlphabet Alphabet, ushort[] Codes) Encode(IReadOnlyList<KeyValuePair<string, Scheme>> entries)
    {
        PlanAlphabet alphabet = Volatile.Read(ref s_latest);
        if (!entries.All(entry => alphabet._numbers.ContainsKey(entry.Key) && alphabet._codes.ContainsKey(entry.Value)))
        {
            alphabet = alphabet.With(entries);
            Volatile.Write(ref s_latest, alphabet); // whoever is second begins another one: only sharing is lost
        }

        ushort[] codes = new ushort[alphabet.Names.Length];
        foreach ((string name, Scheme scheme) in entries)
        {
            ref ushort code = ref codes[alphabet._numbers[name]];
            code = code == 0 ? alphabet._codes[scheme] : throw new ArgumentException($"Found two schemes for the layer '{name}'.", nameof(entries));
        }

        return (alphabet, codes);
    }

    /// <summary>The number of a layer; null where no plan of this alphabet names it.</summary>
    internal int? Find(string name) => _numbers.TryGetValue(name, out int number) ? number : null;

    /// <summary>A scheme from its text, without reading the text where the scheme is known.</summary>
    /// <exception cref="BadInputException">It is no scheme.</exception>
    internal static Scheme Parse(string text)
    {
        PlanAlphabet alphabet = Volatile.Read(ref s_latest);
        return alphabet._codesByText.TryGetValue(text, out ushort code) ? alphabet.Schemes[code - 1] : SchemeText.Parse(text);
    }

    // Plans of another model have few names in common with those before: their alphabet starts anew, or every plan would carry both models' layers.
    private PlanAlphabet With(IReadOnlyList<KeyValuePair<string, Scheme>> entries)
    {
        PlanAlphabet both = new(Names.Concat(entries.Select(entry => entry.Key)), Schemes.Concat(entries.Select(entry => entry.Value)));
        return both.Names.Length <= (2 * entries.Count) + 16 && both.Schemes.Length <= MostSchemes
            ? both
            : new PlanAlphabet(entries.Select(entry => entry.Key), entries.Select(entry => entry.Value));
    }
}
