using System.Buffers.Binary;
using System.Text;

namespace SweepCluster.Testing.Packages;

/// <summary>A protobuf message as it lies on the wire: field numbers and raw values, nothing known of its meaning.</summary>
public sealed class WireMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    private WireMessage(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        int at = 0;
        while (at < span.Length)
        {
            ulong tag = Varint(span, ref at);
            int field = checked((int)(tag >> 3));
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(span, ref at), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(span[at..]), bytes.Slice(at, 8)));
                    at += 8;
                    break;
                case 2:
                    int length = checked((int)Varint(span, ref at));
                    _fields.Add((field, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(span[at..]), bytes.Slice(at, 4)));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} at byte {at}.");
            }
        }
    }

    /// <summary>Field numbers and raw bytes, in the order of the wire.</summary>
    public IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> Fields => _fields.Select(entry => (entry.Field, entry.Bytes, entry.Number));

    /// <summary>Splits a message into its fields.</summary>
    public static WireMessage Parse(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether the field occurs.</summary>
    public bool Has(int field) => _fields.Any(candidate => candidate.Field == field);

    /// <summary>The last value of a number field; 0 where it is absent.</summary>
    public ulong Number(int field) => _fields.LastOrDefault(candidate => candidate.Field == field).Number;

    /// <summary>The last value of a bytes field; empty where it is absent.</summary>
    public ReadOnlyMemory<byte> Bytes(int field) => _fields.LastOrDefault(candidate => candidate.Field == field).Bytes;

    /// <summary>The last value of a text field.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    /// <summary>The last value of a message field; an empty message where it is absent.</summary>
    public WireMessage Message(int field) => Parse(Bytes(field));

    /// <summary>Every value of a repeated message field.</summary>
    public IEnumerable<WireMessage> Messages(int field) => _fields.Where(candidate => candidate.Field == field).Select(candidate => Parse(candidate.Bytes));

    /// <summary>Every value of a repeated text field.</summary>
    public IEnumerable<string> Texts(int field) => _fields.Where(candidate => candidate.Field == field).Select(candidate => Encoding.UTF8.GetString(candidate.Bytes.Span));

    /// <summary>Every value of a repeated number field, packed or not.</summary>
    public IEnumerable<ulong> Numbers(int field)
    {
        foreach ((int number, ulong value, ReadOnlyMemory<byte> bytes) in _fields.Where(candidate => candidate.Field == field))
        {
            if (bytes.IsEmpty)
            {
                yield return value;
                continue;
            }

            for (int at = 0; at < bytes.Length;)
            {
                yield return Varint(bytes.Span, ref at);
            }
        }
    }

    /// <summary>A map with text keys, by key.</summary>
    public SortedDictionary<string, WireMessage> Map(int field) =>
        new(Messages(field).ToDictionary(entry => entry.Text(1), entry => entry.Message(2)), StringComparer.Ordinal);

    private static ulong Varint(ReadOnlySpan<byte> span, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = span[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
