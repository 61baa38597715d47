using System.Buffers;
using System.Buffers.Binary;

namespace SweepCluster.Sweeps.Trials;

/// <summary>A hash as text, kept as its bytes where it is one: a sweep may have a million of them.</summary>
internal readonly record struct HashText
{
    private const int Digits = 64;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    private readonly ulong _first, _second, _third, _fourth;
    private readonly string? _other; // whatever is no SHA-256 in lower-case hexadecimal

    internal HashText(string text)
    {
        Span<byte> bytes = stackalloc byte[Digits / 2];
        if (text.Length != Digits || text.AsSpan().ContainsAnyExcept(s_digits))
        {
            _other = text;
            return;
        }

        Convert.FromHexString(text, bytes, out _, out _);
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The text.</summary>
    public override string ToString() => _other ?? $"{_first:x16}{_second:x16}{_third:x16}{_fourth:x16}";
}
