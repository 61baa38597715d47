using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>An array's type as its header states it: <c>&lt;f4</c>, <c>|u1</c>, <c>&gt;i8</c>, <c>&lt;U25</c>, ...</summary>
/// <param name="Element">The element's type.</param>
/// <param name="ElementBytes">Bytes of one element; of a string, four for each code point.</param>
/// <param name="SwapBytes">Bytes that are reversed together because the file is big-endian; 1 where nothing is.</param>
internal readonly record struct NpyType(ElementType Element, int ElementBytes, int SwapBytes)
{
    /// <summary>What the reader accepts, for messages.</summary>
    public const string Accepted = "u1, i1, b1, u2, i2, f2, u4, i4, f4, u8, i8, f8 or U";

    /// <summary>Reads a type description.</summary>
    /// <param name="text">Byte order (<c>&lt;</c>, <c>&gt;</c>, <c>=</c> or <c>|</c>), kind and size.</param>
    /// <param name="type">Receives the type.</param>
    /// <returns>False if the type is none of <see cref="Accepted"/>.</returns>
    public static bool TryParse(string text, out NpyType type)
    {
        type = default;
        if (text.Length < 3 || "<>=|".IndexOf(text[0], StringComparison.Ordinal) < 0
            || !int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            return false;
        }

        bool bigEndian = text[0] == '>';
        if (text[1] == 'U')
        {
            type = new(ElementType.String, size * NpyConstants.CodePointBytes, bigEndian ? NpyConstants.CodePointBytes : 1);
            return size is >= 0 and <= 1 << 20;
        }

        ElementType? element = (text[1], size) switch
        {
            ('u', 1) => ElementType.UInt8,
            ('u', 2) => ElementType.UInt16,
            ('u', 4) => ElementType.UInt32,
            ('u', 8) => ElementType.UInt64,
            ('i', 1) => ElementType.Int8,
            ('i', 2) => ElementType.Int16,
            ('i', 4) => ElementType.Int32,
            ('i', 8) => ElementType.Int64,
            ('f', 2) => ElementType.Float16,
            ('f', 4) => ElementType.Float32,
            ('f', 8) => ElementType.Float64,
            ('b', 1) => ElementType.Bool,
            _ => null,
        };
        type = new(element.GetValueOrDefault(), size, bigEndian ? size : 1);
        return element is not null && (text[0] != '|' || size == 1);
    }

    /// <summary>The description of a little-endian array, for the writer.</summary>
    /// <exception cref="ArgumentException">NumPy has no such type.</exception>
    public static string Describe(ElementType element) => element switch
    {
        ElementType.UInt8 => "|u1",
        ElementType.Int8 => "|i1",
        ElementType.Bool => "|b1",
        ElementType.UInt16 => "<u2",
        ElementType.Int16 => "<i2",
        ElementType.Float16 => "<f2",
        ElementType.UInt32 => "<u4",
        ElementType.Int32 => "<i4",
        ElementType.Float32 => "<f4",
        ElementType.UInt64 => "<u8",
        ElementType.Int64 => "<i8",
        ElementType.Float64 => "<f8",
        _ => throw new ArgumentException($"NumPy has no type for {element.Name()}.", nameof(element)),
    };
}
