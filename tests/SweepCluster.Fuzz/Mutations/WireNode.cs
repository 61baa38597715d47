using SweepCluster.Testing.Packages;

namespace SweepCluster.Fuzz.Mutations;

/// <summary>One protobuf field: a number, bytes, or fields of its own where its bytes can be read as such.</summary>
internal sealed class WireNode
{
    private const int DeepestGuess = 60;

    public int Field { get; set; }

    /// <summary>0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes; others are written as varints are.</summary>
    public int WireType { get; set; }

    public ulong Number { get; set; }

    public byte[] Bytes { get; set; } = [];

    public List<WireNode>? Children { get; set; }

    /// <summary>How far the length that is written lies from the true one.</summary>
    public long LengthError { get; set; }

    /// <summary>The fields of a message; null where the bytes are none.</summary>
    public static List<WireNode>? Parse(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        List<WireNode> fields = [];
        int at = 0;
        while (at < bytes.Length)
        {
            if (Varint(bytes, ref at) is not ulong tag || tag >> 3 is 0 or > 20_000)
            {
                return null;
            }

            WireNode node = new() { Field = (int)(tag >> 3), WireType = (int)(tag & 7) };
            int length = node.WireType switch { 1 => 8, 5 => 4, _ => 0 };
            if (node.WireType is 0 or 2)
            {
                if (Varint(bytes, ref at) is not ulong number)
                {
                    return null;
                }

                node.Number = number;
                length = node.WireType == 0 ? 0 : number <= (ulong)(bytes.Length - at) ? (int)number : -1;
            }

            if (node.WireType is not (0 or 1 or 2 or 5) || length < 0 || length > bytes.Length - at)
            {
                return null;
            }

            node.Bytes = bytes.Slice(at, length).ToArray();
            node.Children = node.WireType == 2 && length > 0 && depth < DeepestGuess ? Parse(node.Bytes, depth + 1) : null;
            at += length;
            fields.Add(node);
        }

        return fields;
    }

    public static byte[] Write(IEnumerable<WireNode> fields)
    {
        using MemoryStream stream = new();
        foreach (WireNode field in fields)
        {
            field.WriteTo(stream);
        }

        return stream.ToArray();
    }

    public WireNode Clone() => new()
    {
        Field = Field,
        WireType = WireType,
        Number = Number,
        Bytes = Bytes,
        LengthError = LengthError,
        Children = Children?.ConvertAll(child => child.Clone()),
    };

    private void WriteTo(Stream stream)
    {
        Wire.Varint(stream, ((ulong)Field << 3) | ((uint)WireType & 7));
        byte[] bytes = Children is null ? Bytes : Write(Children);
        switch (WireType)
        {
            case 2:
                Wire.Varint(stream, (ulong)(bytes.Length + LengthError));
                stream.Write(bytes);
                break;
            case 1 or 5:
                stream.Write(bytes.Length > 0 ? bytes : BitConverter.GetBytes(Number)[..(WireType == 1 ? 8 : 4)]);
                break;
            default:
                Wire.Varint(stream, Number);
                break;
        }
    }

    private static ulong? Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }

        return null;
    }
}
