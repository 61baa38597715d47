using System.Text;

namespace SweepCluster.Testing.Packages;

/// <summary>Writes protobuf messages field by field, nothing known of their meaning.</summary>
public sealed class WireWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was written.</summary>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>A number field.</summary>
    public WireWriter Number(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
        return this;
    }

    /// <summary>A text field.</summary>
    public WireWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A field that holds a message.</summary>
    public WireWriter Message(int field, WireWriter value) => Bytes(field, value.ToBytes());

    /// <summary>An entry of a map from texts to messages.</summary>
    public WireWriter Entry(int field, string key, WireWriter value) => Message(field, new WireWriter().Text(1, key).Message(2, value));

    private WireWriter Bytes(int field, byte[] value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
