namespace SweepCluster.Testing.Packages;

/// <summary>Writes protobuf messages field by field, with nothing of the product's in between: what a test wants on the wire is there, legal or not.</summary>
public static class Wire
{
    /// <summary>A message of the fields in the order given.</summary>
    public static byte[] Of(params ReadOnlySpan<(int Field, WireValue Value)> fields)
    {
        using MemoryStream stream = new();
        foreach ((int field, WireValue value) in fields)
        {
            value.WriteTo(stream, field);
        }

        return stream.ToArray();
    }

    /// <summary>One field as often as there are values.</summary>
    public static byte[] Repeated(int field, params IEnumerable<WireValue> values)
    {
        using MemoryStream stream = new();
        foreach (WireValue value in values)
        {
            value.WriteTo(stream, field);
        }

        return stream.ToArray();
    }

    /// <summary>Numbers one after another, as a packed field has them.</summary>
    public static byte[] Packed(params IEnumerable<long> numbers)
    {
        using MemoryStream stream = new();
        foreach (long number in numbers)
        {
            Varint(stream, (ulong)number);
        }

        return stream.ToArray();
    }

    /// <summary>Several parts of one message.</summary>
    public static byte[] Join(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    /// <summary>Writes a number in groups of 7 bits, the lowest first.</summary>
    public static void Varint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
