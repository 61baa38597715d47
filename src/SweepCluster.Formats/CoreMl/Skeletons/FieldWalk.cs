namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>Walks the fields of a message that have a length, and passes the others by. What the protobuf library would read in another way than it is meant is taken for broken here.</summary>
internal ref struct FieldWalk
{
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _message;
    private int _groups;
    private bool _isBroken;

    internal FieldWalk(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Number of the field.</summary>
    internal int Number { get; private set; }

    /// <summary>First byte of its length.</summary>
    internal int LengthAt { get; private set; }

    /// <summary>First byte of its value.</summary>
    internal int ValueAt { get; private set; }

    /// <summary>First byte behind it.</summary>
    internal int End { get; private set; }

    /// <summary>Its value.</summary>
    internal readonly ReadOnlySpan<byte> Value => _message[ValueAt..End];

    /// <summary>Whether the walk has ended behind the last field, and not because the bytes are no message.</summary>
    internal readonly bool IsWhole => !_isBroken && _groups == 0 && End == _message.Length;

    /// <summary>Goes to the next field with a length. What stands in a group is unknown to every message here, whatever its number is, and passed by.</summary>
    internal bool Next()
    {
        while (!_isBroken && End < _message.Length)
        {
            int at = End;
            _isBroken = !Varint(ref at, uint.MaxValue, out ulong tag);
            Number = (int)(tag >> 3);
            ulong length = 0;
            switch (tag & 7)
            {
                case 0:
                    _isBroken |= !Varint(ref at, ulong.MaxValue, out _);
                    break;
                case 1:
                    length = 8;
                    break;
                case 2:
                    LengthAt = at;
                    _isBroken |= !Varint(ref at, int.MaxValue, out length);
                    ValueAt = at;
                    break;
                case 3:
                    _groups++;
                    break;
                case 4:
                    _isBroken |= --_groups < 0;
                    break;
                case 5:
                    length = 4;
                    break;
                default:
                    _isBroken = true;
                    break;
            }

            _isBroken |= length > (ulong)(_message.Length - at);
            if (_isBroken)
            {
                return false;
            }

            End = at + (int)length;
            if ((tag & 7) == 2 && _groups == 0)
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool Varint(ref int at, ulong most, out ulong value)
    {
        value = 0;
        for (int i = 0; i < LongestVarint && at < _message.Length; i++)
        {
            byte next = _message[at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value <= most;
            }
        }

        return false;
    }
}
