using System.Collections.Concurrent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>Layer names and schemes that plans have in common, so that a plan keeps numbers instead of texts. Its names never change, its schemes only grow; a plan with other names begins another one.</summary>
internal sealed class PlanAlphabet
{
    private static PlanAlphabet s_latest = new([], []);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _numbers;
    private readonly ConcurrentDictionary<Scheme, ushort> _codes = new();
    private readonly ConcurrentDictionary<string, ushort> _codesByText = new(StringComparer.Ordinal);
    private Scheme[] _schemes = new Scheme[8];
    private string[] _texts = new string[8];

    private PlanAlphabet(IEnumerable<string> names, IEnumerable<Scheme> schemes)
    {
        Names = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _numbers = Names.Select((name, number) => (name, number)).ToDictionary(entry => entry.name, entry => entry.number, StringComparer.Ordinal);
        foreach (Scheme scheme in schemes)
        {
            TryCode(scheme, out _);
        }
    }

    /// <summary>Layer names in ordinal order.</summary>
    internal string[] Names { get; }

    /// <summary>Schemes; the code of one is its place, from 1. Those behind the last are null.</summary>
    internal Scheme[] Schemes => Volatile.Read(ref _schemes);

    /// <summary>Their canonical texts.</summary>
    internal string[] Texts => Volatile.Read(ref _texts);

    /// <summary>Codes by layer name, 0 where a layer has no scheme, in an alphabet that is shared as far as possible.</summary>
    /// <exception cref="ArgumentException">A layer has two schemes.</exception>
    internal static (PlanAlphabet Alphabet, ushort[] Codes) Encode(IReadOnlyList<KeyValuePair<string, Scheme>> entries)
    {
        PlanAlphabet alphabet = Volatile.Read(ref s_latest);
        if (!entries.All(entry => alphabet._numbers.ContainsKey(entry.Key) && alphabet.TryCode(entry.Value, out _)))
        {
            alphabet = alphabet.With(entries);
            Volatile.Write(ref s_latest, alphabet); // whoever is second begins another one: only sharing is lost
        }

        ushort[] codes = new ushort[alphabet.Names.Length];
        foreach ((string name, Scheme scheme) in entries)
        {
            ref ushort code = ref codes[alphabet._numbers[name]];
            if (code != 0 || !alphabet.TryCode(scheme, out code))
            {
                throw new ArgumentException($"Found two schemes for the layer '{name}'.", nameof(entries));
            }
        }

        return (alphabet, codes);
    }

    /// <summary>A scheme from its text, without reading the text where the scheme is known.</summary>
    /// <exception cref="BadInputException">It is no scheme.</exception>
    internal static Scheme Parse(ReadOnlySpan<char> text)
    {
        PlanAlphabet alphabet = Volatile.Read(ref s_latest);
        return alphabet._codesByText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out ushort code) ? alphabet.Schemes[code - 1] : SchemeText.Parse(text.ToString());
    }

    /// <summary>A layer's name as other plans have it, without a text of its own where it is known.</summary>
    internal static string NameOf(ReadOnlySpan<char> name) =>
        Volatile.Read(ref s_latest)._numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out string? known, out _) ? known : name.ToString();

    /// <summary>The number of a layer; null where no plan of this alphabet names it.</summary>
    internal int? Find(string name) => _numbers.TryGetValue(name, out int number) ? number : null;

    // False where there is no room for another scheme.
    private bool TryCode(Scheme scheme, out ushort code)
    {
        if (_codes.TryGetValue(scheme, out code))
        {
            return true;
        }

        lock (_gate)
        {
            if (_codes.TryGetValue(scheme, out code))
            {
                return true;
            }

            int place = _codes.Count;
            if (place == ushort.MaxValue)
            {
                return false;
            }

            if (place == _schemes.Length)
            {
                Scheme[] schemes = _schemes;
                string[] texts = _texts;
                Array.Resize(ref schemes, place * 2);
                Array.Resize(ref texts, place * 2);
                Volatile.Write(ref _schemes, schemes);
                Volatile.Write(ref _texts, texts);
            }

            _schemes[place] = scheme;
            _texts[place] = scheme.Canonical;
            code = (ushort)(place + 1);
            _codesByText[_texts[place]] = code;
            _codes[scheme] = code; // last: who finds the code finds the scheme
            return true;
        }
    }

    // Plans of another model have few names in common with those before: their alphabet starts anew, or every plan would carry both models' layers.
    private PlanAlphabet With(IReadOnlyList<KeyValuePair<string, Scheme>> entries)
    {
        IEnumerable<string> names = entries.Select(entry => entry.Key);
        string[] both = [.. Names.Union(names)];
        return both.Length <= (2 * entries.Count) + 16 && _codes.Count + entries.Count < ushort.MaxValue
            ? new PlanAlphabet(both, Schemes.OfType<Scheme>())
            : new PlanAlphabet(names, []);
    }
}
