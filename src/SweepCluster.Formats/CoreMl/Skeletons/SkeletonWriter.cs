using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>Writes the message that a skeleton stands for.</summary>
internal sealed class SkeletonWriter
{
    private const int BufferBytes = 1 << 16;

    private readonly byte[] _skeleton;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _weights;
    private readonly List<long> _lengths = []; // of the messages around weights, in the order in which they begin
    private int _next;

    /// <summary>Works out how long everything will be.</summary>
    /// <param name="skeleton">The skeleton; its references are numbers of weights.</param>
    /// <param name="weights">The weights.</param>
    internal SkeletonWriter(byte[] skeleton, IReadOnlyList<ReadOnlyMemory<byte>> weights)
    {
        _skeleton = skeleton;
        _weights = weights;
        Length = LengthOf(skeleton, MessageLayout.Of(Model.Descriptor));
    }

    /// <summary>Bytes of the whole message.</summary>
    internal long Length { get; }

    /// <summary>Writes the message; weights come piece by piece from where they lie.</summary>
    internal void WriteTo(Stream stream)
    {
        BufferedStream buffered = new(stream, BufferBytes); // not disposed of: the stream stays open
        _next = 0;
        Write(buffered, _skeleton, MessageLayout.Of(Model.Descriptor));
        buffered.Flush();
    }

    private long LengthOf(ReadOnlySpan<byte> message, MessageLayout layout)
    {
        long length = message.Length;
        FieldWalk fields = new(message);
        while (fields.Next())
        {
            if (layout.Field(fields.Number) is not { HoldsWeights: true } field || IsInline(field, fields.Value))
            {
                continue;
            }

            long whole;
            if (field.Kind == FieldKind.Bytes)
            {
                whole = WeightReference.Read(fields.Value).Length;
            }
            else
            {
                int place = _lengths.Count;
                _lengths.Add(0);
                whole = _lengths[place] = LengthOf(fields.Value, field.Layout);
            }

            length += whole - fields.Value.Length + VarintBytes(whole) - (fields.ValueAt - fields.LengthAt);
        }

        return length;
    }

    private void Write(Stream stream, ReadOnlySpan<byte> message, MessageLayout layout)
    {
        int written = 0;
        FieldWalk fields = new(message);
        while (fields.Next())
        {
            if (layout.Field(fields.Number) is not { HoldsWeights: true } field || IsInline(field, fields.Value))
            {
                continue;
            }

            stream.Write(message[written..fields.LengthAt]);
            written = fields.End;
            if (field.Kind != FieldKind.Bytes)
            {
                WriteVarint(stream, _lengths[_next++]);
                Write(stream, fields.Value, field.Layout);
                continue;
            }

            WeightReference reference = WeightReference.Read(fields.Value);
            WriteVarint(stream, reference.Length);
            foreach (ReadOnlyMemory<byte> piece in ModelMessage.Pieces(_weights[reference.At]))
            {
                stream.Write(piece.Span);
            }
        }

        stream.Write(message[written..]);
    }

    private static bool IsInline(MessageField field, ReadOnlySpan<byte> value) => field.Kind == FieldKind.Bytes && value.Length != WeightReference.Bytes;

    private static int VarintBytes(long value)
    {
        int bytes = 1;
        for (; value >= 0x80; value >>= 7)
        {
            bytes++;
        }

        return bytes;
    }

    private static void WriteVarint(Stream stream, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
