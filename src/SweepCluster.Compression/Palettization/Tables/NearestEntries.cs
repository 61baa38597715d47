using System.Buffers;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Finds the nearest of up to 256 entries for each value. Between two equally near entries the lower value wins, among equal entries the first.</summary>
/// <remarks>Immutable. Every path gives the same codes: all compare a value with the same bounds.</remarks>
internal sealed class NearestEntries
{
    // From here one pass over all patterns of float16 pays for itself.
    private const int HalfTableFrom = 32768;

    private readonly float[] _entries; // different ones, ascending
    private readonly float[] _bounds;
    private readonly byte[]? _codes; // of each entry; null where that is its place

    /// <summary>Prepares a search.</summary>
    /// <param name="entries">1 to 256 finite entries, in any order.</param>
    internal NearestEntries(ReadOnlySpan<float> entries)
    {
        float[] sorted = entries.ToArray();
        byte[] codes = [.. Enumerable.Range(0, sorted.Length).Select(i => (byte)i)];
        Array.Sort(codes, (left, right) => sorted[left] == sorted[right] ? left.CompareTo(right) : sorted[left].CompareTo(sorted[right]));
        _codes = [.. codes.Where((code, place) => place == 0 || sorted[code] != sorted[codes[place - 1]])];
        _entries = Array.ConvertAll(_codes, code => sorted[code]);
        _codes = _codes.Where((code, place) => code != place).Any() ? _codes : null;
        _bounds = PaletteBounds.OfSingles(_entries, Size);
    }

    /// <summary>Number of different entries.</summary>
    internal int Count => _entries.Length;

    private int Size => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Count);

    /// <summary>Writes the code of each value.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codes">Receives as many codes.</param>
    internal void Encode(ReadOnlySpan<float> values, Span<byte> codes)
    {
        PaletteCoder.Encode(values, _bounds, codes[..values.Length]);
        Translate(codes[..values.Length]);
    }

    /// <summary>As above for float16.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codes">Receives as many codes.</param>
    internal void Encode(ReadOnlySpan<Half> values, Span<byte> codes)
    {
        codes = codes[..values.Length];
        short[] keys = PaletteBounds.OfHalves(_entries, Size);
        if (values.Length < HalfTableFrom || (PaletteCoder.HasVectors(keys.Length) && _codes is null))
        {
            PaletteCoder.Encode(values, keys, codes);
            Translate(codes);
            return;
        }

        byte[] codeOfBits = ArrayPool<byte>.Shared.Rent(PaletteCoder.TableLength);
        PaletteCoder.FillTable(keys, codeOfBits);
        Translate(codeOfBits.AsSpan(0, PaletteCoder.TableLength));
        PaletteCoder.Encode(values, codeOfBits, codes);
        ArrayPool<byte>.Shared.Return(codeOfBits);
    }

    // The definition, for ascending entries: the number of bounds below a value.
    internal void Halve(ReadOnlySpan<float> values, Span<byte> codes) => PaletteCoder.EncodeScalar(values, _bounds, codes);

    private void Translate(Span<byte> places)
    {
        if (_codes is null)
        {
            return;
        }

        foreach (ref byte place in places)
        {
            place = _codes[place];
        }
    }
}
