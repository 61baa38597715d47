using System.Text;

namespace SweepCluster.Testing.Packages;

/// <summary>The value of one protobuf field: a number, or bytes (a text, a message, packed numbers).</summary>
public readonly struct WireValue
{
    private readonly ulong _number;
    private readonly byte[]? _bytes;

    private WireValue(ulong number, byte[]? bytes)
    {
        _number = number;
        _bytes = bytes;
    }

    public static implicit operator WireValue(long number) => new((ulong)number, null);

    public static implicit operator WireValue(string text) => new(0, Encoding.UTF8.GetBytes(text));

    public static implicit operator WireValue(byte[] bytes) => new(0, bytes);

    internal void WriteTo(Stream stream, int field)
    {
        Wire.Varint(stream, ((ulong)field << 3) | (_bytes is null ? 0ul : 2ul));
        Wire.Varint(stream, _bytes is null ? _number : (ulong)_bytes.Length);
        stream.Write(_bytes ?? []);
    }
}
