using System.Globalization;

namespace SweepCluster.Graphs;

/// <summary>What is known of each <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    private static readonly Dictionary<ElementType, (bool IsSigned, int Bits)> s_integers = Enum.GetValues<ElementType>()
        .Select(type => (Type: type, Name: type.ToString(), IsSigned: type.ToString().StartsWith("Int", StringComparison.Ordinal)))
        .Where(entry => entry.IsSigned || entry.Name.StartsWith("UInt", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Type, entry => (entry.IsSigned, int.Parse(entry.Name.AsSpan(entry.IsSigned ? 3 : 4), CultureInfo.InvariantCulture)));

    /// <summary>Bits that one element takes in storage; 0 for <see cref="ElementType.String"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is no member of the enumeration.</exception>
    public static int BitWidth(this ElementType type) => type switch
    {
        ElementType.Bool => 8,
        ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float32 => 32,
        ElementType.Float64 => 64,
        ElementType.String => 0,
        _ when s_integers.TryGetValue(type, out (bool IsSigned, int Bits) integer) => integer.Bits,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type."),
    };

    /// <summary>Whether the type is an integer type with a sign.</summary>
    public static bool IsSigned(this ElementType type) => s_integers.TryGetValue(type, out (bool IsSigned, int Bits) integer) && integer.IsSigned;

    /// <summary>Whether the type is an integer type, signed or not; <see cref="ElementType.Bool"/> is none.</summary>
    public static bool IsInteger(this ElementType type) => s_integers.ContainsKey(type);

    /// <summary>The integer type of exactly this width.</summary>
    /// <param name="isSigned">Whether it has a sign.</param>
    /// <param name="bits">1 to 16, 32 or 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such type exists.</exception>
    public static ElementType IntegerOf(bool isSigned, int bits) =>
        s_integers.FirstOrDefault(entry => entry.Value == (isSigned, bits)) is { Value.Bits: > 0 } found
            ? found.Key
            : throw new ArgumentOutOfRangeException(nameof(bits), bits, "No integer type has this width.");

    /// <summary>Bytes that <paramref name="count"/> elements take, the last byte filled up with padding bits.</summary>
    /// <param name="type">The element's type.</param>
    /// <param name="count">Number of elements, 0 or more.</param>
    public static long ByteCount(this ElementType type, long count) => checked(((count * type.BitWidth()) + 7) / 8);

    /// <summary>Whether the type is a floating-point type.</summary>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float16 or ElementType.Float32 or ElementType.Float64 or ElementType.BFloat16;

    /// <summary>The unsigned type of exactly <paramref name="bits"/> bits, for packed indices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such type exists: <paramref name="bits"/> is not 1 to 16, 32 or 64.</exception>
    public static ElementType UnsignedOf(int bits) => IntegerOf(isSigned: false, bits);

    /// <summary>The name used in specs, reports and messages: <c>float16</c>, <c>int4</c>, ...</summary>
    public static string Name(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Reads a name written by <see cref="Name"/>.</summary>
    /// <param name="name">Lower-case name, as <c>uint8</c>.</param>
    /// <param name="type">Receives the type.</param>
    /// <returns>False if no type has this name.</returns>
    public static bool TryParse(string name, out ElementType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && Enum.IsDefined(type) && name == type.Name();
}
