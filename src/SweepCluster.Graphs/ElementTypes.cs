namespace SweepCluster.Graphs;

/// <summary>What is known of each <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bits that one element takes in storage; 0 for <see cref="ElementType.String"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is no member of the enumeration.</exception>
    public static int BitWidth(this ElementType type) => type switch
    {
        ElementType.UInt1 => 1,
        ElementType.UInt2 => 2,
        ElementType.UInt3 => 3,
        ElementType.Int4 or ElementType.UInt4 => 4,
        ElementType.UInt6 => 6,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 8,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 16,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 64,
        ElementType.String => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type."),
    };

    /// <summary>Bytes that <paramref name="count"/> elements take, the last byte filled up with padding bits.</summary>
    /// <param name="type">The element's type.</param>
    /// <param name="count">Number of elements, 0 or more.</param>
    public static long ByteCount(this ElementType type, long count) => checked(((count * type.BitWidth()) + 7) / 8);

    /// <summary>Whether the type is a floating-point type.</summary>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float16 or ElementType.Float32 or ElementType.Float64 or ElementType.BFloat16;

    /// <summary>The unsigned type of exactly <paramref name="bits"/> bits, for packed indices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such type exists: <paramref name="bits"/> is not 1, 2, 3, 4, 6, 8, 16 or 32.</exception>
    public static ElementType UnsignedOf(int bits) => bits switch
    {
        1 => ElementType.UInt1,
        2 => ElementType.UInt2,
        3 => ElementType.UInt3,
        4 => ElementType.UInt4,
        6 => ElementType.UInt6,
        8 => ElementType.UInt8,
        16 => ElementType.UInt16,
        32 => ElementType.UInt32,
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "No unsigned type has this width."),
    };

    /// <summary>The name used in specs, reports and messages: <c>float16</c>, <c>int4</c>, ...</summary>
    public static string Name(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Reads a name written by <see cref="Name"/>.</summary>
    /// <param name="name">Lower-case name, as <c>uint8</c>.</param>
    /// <param name="type">Receives the type.</param>
    /// <returns>False if no type has this name.</returns>
    public static bool TryParse(string name, out ElementType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && Enum.IsDefined(type) && name == type.Name();
}
