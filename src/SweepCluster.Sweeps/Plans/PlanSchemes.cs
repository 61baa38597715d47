using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Plans;

/// <summary>A plan's schemes by layer name, in ordinal order of the names. Two bytes a layer: a sweep may have a million plans.</summary>
internal sealed class PlanSchemes : IReadOnlyDictionary<string, Scheme>
{
    private readonly PlanAlphabet _alphabet;
    private readonly ushort[] _codes;

    internal PlanSchemes(IReadOnlyList<KeyValuePair<string, Scheme>> entries)
    {
        (_alphabet, _codes) = PlanAlphabet.Encode(entries);
        Count = entries.Count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<Scheme> Values => this.Select(entry => entry.Value);

    /// <summary>The canonical texts instead of the schemes.</summary>
    internal IReadOnlyDictionary<string, string> Texts => new SchemeTexts(this);

    /// <inheritdoc/>
    public Scheme this[string key] => TryGetValue(key, out Scheme? scheme) ? scheme : throw new KeyNotFoundException($"The plan has no scheme for '{key}'.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Code(key) > 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Scheme value)
    {
        int code = Code(key);
        value = code > 0 ? _alphabet.Schemes[code - 1] : null;
        return code > 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Scheme>> GetEnumerator() => Enumerate(_alphabet.Schemes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Code(string key) => _alphabet.Find(key) is { } number ? _codes[number] : 0;

    private IEnumerable<KeyValuePair<string, T>> Enumerate<T>(T[] values)
    {
        for (int i = 0; i < _codes.Length; i++)
        {
            if (_codes[i] > 0)
            {
                yield return KeyValuePair.Create(_alphabet.Names[i], values[_codes[i] - 1]);
            }
        }
    }

    /// <summary>The same with canonical texts.</summary>
    private sealed class SchemeTexts(PlanSchemes schemes) : IReadOnlyDictionary<string, string>
    {
        public int Count => schemes.Count;

        public IEnumerable<string> Keys => schemes.Keys;

        public IEnumerable<string> Values => this.Select(entry => entry.Value);

        public string this[string key] => TryGetValue(key, out string? text) ? text : throw new KeyNotFoundException($"The plan has no scheme for '{key}'.");

        public bool ContainsKey(string key) => schemes.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            int code = schemes.Code(key);
            value = code > 0 ? schemes._alphabet.Texts[code - 1] : null;
            return code > 0;
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => schemes.Enumerate(schemes._alphabet.Texts).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
