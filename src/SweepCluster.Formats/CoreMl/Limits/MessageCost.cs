using Google.Protobuf.Reflection;
using SweepCluster.Formats.CoreMl.Skeletons;

namespace SweepCluster.Formats.CoreMl.Limits;

/// <summary>Counts what a protobuf message will take in memory, before it is parsed: two bytes of a file can ask for an object of hundreds, and a field that is merged over and over for the square of its length.</summary>
/// <remarks>One pass, without allocating. Bytes that are no message are left to the parser, which says what is wrong with them; it follows no deeper than 100 messages, and neither does this.</remarks>
internal ref struct MessageCost
{
    private const int Deepest = 100;
    private const int OuterDepth = 6; // messages around an operation of a function
    private const int MergeSlots = 16;
    private const int StringBytes = 32;
    private const int BytesBytes = 64;
    private const int UnknownBytes = 300; // a field of a number that nobody knows: an entry of a table, with lists of its own
    private const int FirstBytes = 100; // of a list: its first array
    private const int RepeatedBytes = 40; // a place in a list that grows
    private const int ReferenceBytes = 100; // a reference, and the slice of the file that takes its place

    private readonly long _most;
    private readonly bool _refers;
    private long _spent;
    private long _left; // bytes of weights that no skeleton has
    private int _references;
    private int _groups;

    private MessageCost(long most, bool refers)
    {
        _most = most;
        _refers = refers;
    }

    /// <summary>Bytes that reading a message will allocate, about; counting ends where they are more than <paramref name="most"/>.</summary>
    internal static long Of(ReadOnlySpan<byte> message, MessageDescriptor type, long most)
    {
        MessageCost cost = new(most, refers: false);
        cost.Add(message, MessageLayout.Of(type), 0);
        return cost._spent;
    }

    /// <summary>The same of a message whose weights stay where they are, with the skeleton that is parsed in its place.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">Its type.</param>
    /// <param name="most">Where counting ends.</param>
    /// <param name="skeletonBytes">Length of the skeleton; 0 where there is none, as there are no weights or the bytes are no message.</param>
    internal static long Of(ReadOnlySpan<byte> message, MessageDescriptor type, long most, out int skeletonBytes)
    {
        MessageCost cost = new(most, refers: true);
        bool isWhole = cost.Add(message, MessageLayout.Of(type), 0);
        skeletonBytes = isWhole && cost._references > 0 ? (int)(message.Length - cost._left) : 0;
        return cost._spent + skeletonBytes;
    }

    // False: the bytes are no message, or enough is known.
    private bool Add(scoped ReadOnlySpan<byte> bytes, MessageLayout layout, int depth)
    {
        _spent += layout.OwnBytes + (Math.Max(0, depth - OuterDepth) * layout.BytesPerDepth);
        int at = 0;
        ulong lists = 0; // those that have a first element, by number modulo 64
        int groups = _groups;
        Span<long> merged = stackalloc long[MergeSlots]; // what messages of one field took so far: the next one is merged into a copy of them
        while (at < bytes.Length)
        {
            if (_spent > _most || depth > Deepest || !Varint(bytes, ref at, out ulong tag))
            {
                return false;
            }

            int number = (int)(tag >> 3);
            MessageField? field = layout.Field(number) is { } known && known.Takes(tag & 7) ? known : null;
            switch (tag & 7)
            {
                case 0:
                    if (!Varint(bytes, ref at, out _))
                    {
                        return false;
                    }

                    _spent += field is null ? UnknownBytes : field.IsRepeated ? ElementBytes(field.Kind) : 0;
                    break;
                case 1 or 5:
                    at += (tag & 7) == 1 ? 8 : 4;
                    _spent += field is null ? UnknownBytes : field.IsRepeated ? ElementBytes(field.Kind) : 0;
                    break;
                case 2:
                    if (!Varint(bytes, ref at, out ulong length) || length > (ulong)(bytes.Length - at))
                    {
                        return false;
                    }

                    ReadOnlySpan<byte> value = bytes.Slice(at, (int)length);
                    at += value.Length;
                    long before = _spent;
                    if (field is { IsRepeated: true } && (lists & (1UL << (number & 63))) == 0)
                    {
                        lists |= 1UL << (number & 63);
                        _spent += FirstBytes;
                    }

                    if (!AddValue(value, field, depth))
                    {
                        return false;
                    }

                    if (field is { IsRepeated: false, Kind: FieldKind.Message })
                    {
                        ref long present = ref merged[number % MergeSlots];
                        long added = _spent - before;
                        _spent += present;
                        present += added;
                    }

                    break;
                case 3:
                    _spent += UnknownBytes; // a group: its fields follow, and count as this message's own
                    _groups++;
                    break;
                case 4:
                    _groups--;
                    break;
                default:
                    return false;
            }
        }

        _groups = groups;
        return true;
    }

    private bool AddValue(scoped ReadOnlySpan<byte> value, MessageField? field, int depth)
    {
        switch (field?.Kind)
        {
            case null:
                _spent += UnknownBytes + BytesBytes + value.Length;
                return true;
            case FieldKind.Message:
                _spent += field.IsRepeated ? RepeatedBytes : 0;
                return Add(value, field.Layout, depth + 1);
            case FieldKind.Text:
                _spent += StringBytes + (2L * value.Length) + (field.IsRepeated ? RepeatedBytes : 0) + field.GraphBytes;
                return true;
            case FieldKind.Bytes when _refers && field.HoldsWeights && _groups == 0 && value.Length >= WeightReference.Bytes:
                _references++;
                _left += value.Length - WeightReference.Bytes;
                _spent += BytesBytes + ReferenceBytes + (field.IsRepeated ? RepeatedBytes : 0);
                return true;
            case FieldKind.Bytes:
                _spent += BytesBytes + value.Length + (field.IsRepeated ? RepeatedBytes : 0);
                return true;
            case FieldKind.Fixed32 or FieldKind.Fixed64:
                _spent += RepeatedBytes + (2L * value.Length); // the list, and a tensor made of it
                return true;
            default:
                _spent += RepeatedBytes;
                foreach (byte part in value)
                {
                    _spent += part < 0x80 ? ElementBytes(field.Kind) : 0; // the last byte of a number
                }

                return true;
        }
    }

    // Of a list that grows to twice its length whenever it is full, with the tensor that is made of it.
    private static int ElementBytes(FieldKind kind) => kind is FieldKind.Number64 or FieldKind.Fixed64 ? 40 : 20;

    private static bool Varint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
