using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.Files;

namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>Reads a model whose weights stay where they lie: what is parsed is its skeleton, the message with references in place of the weights' bytes.</summary>
/// <remarks>Lengths around a weight become smaller and are written in as many bytes as they had, which protobuf allows. So one pass makes a skeleton.</remarks>
internal ref struct SkeletonReader
{
    private const int Deepest = 100;

    private readonly byte[] _skeleton;
    private int _at;

    private SkeletonReader(int length) => _skeleton = GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Parses a model.</summary>
    /// <param name="file">The model file; its weights are slices of it afterwards.</param>
    /// <param name="message">All its bytes.</param>
    /// <param name="skeletonBytes">Length of its skeleton, from <see cref="MessageCost"/>.</param>
    /// <returns>The model; null where the bytes are none, which the protobuf library has the words for.</returns>
    internal static Model? Parse(FileBytes file, ReadOnlySpan<byte> message, int skeletonBytes)
    {
        SkeletonReader reader = new(skeletonBytes);
        if (!reader.Shorten(message, 0, MessageLayout.Of(Model.Descriptor), 0) || reader._at != skeletonBytes)
        {
            return null;
        }

        Model model;
        try
        {
            model = Model.Parser.ParseFrom(reader._skeleton);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or IndexOutOfRangeException)
        {
            return null;
        }

        WeightStrings.Replace(model, bytes =>
        {
            if (bytes.Length != WeightReference.Bytes)
            {
                return bytes;
            }

            WeightReference reference = WeightReference.Read(bytes.Span);
            return UnsafeByteOperations.UnsafeWrap(file.Slice(reference.At, reference.Length));
        });
        return model;
    }

    private bool Shorten(ReadOnlySpan<byte> message, int start, MessageLayout layout, int depth)
    {
        int copied = 0;
        FieldWalk fields = new(message);
        while (depth <= Deepest && fields.Next())
        {
            if (layout.Field(fields.Number) is not { HoldsWeights: true } field || (field.Kind == FieldKind.Bytes && fields.Value.Length < WeightReference.Bytes))
            {
                continue;
            }

            int lengthAt = _at + fields.LengthAt - copied, width = fields.ValueAt - fields.LengthAt;
            if (!Copy(message[copied..fields.ValueAt])) // its length is put right when it is known
            {
                return false;
            }

            copied = fields.End;
            if (field.Kind != FieldKind.Bytes)
            {
                if (!Shorten(fields.Value, start + fields.ValueAt, field.Layout, depth + 1))
                {
                    return false;
                }
            }
            else if (_skeleton.Length - _at < WeightReference.Bytes)
            {
                return false;
            }
            else
            {
                new WeightReference(start + fields.ValueAt, fields.Value.Length).WriteTo(_skeleton.AsSpan(_at));
                _at += WeightReference.Bytes;
            }

            PutLength(_skeleton.AsSpan(lengthAt, width), _at - lengthAt - width);
        }

        return fields.IsWhole && Copy(message[copied..]);
    }

    private bool Copy(ReadOnlySpan<byte> bytes)
    {
        bool fits = bytes.TryCopyTo(_skeleton.AsSpan(_at));
        _at += fits ? bytes.Length : 0;
        return fits;
    }

    private static void PutLength(Span<byte> place, int length)
    {
        for (int i = 0; i < place.Length; i++, length >>= 7)
        {
            place[i] = (byte)((length & 0x7F) | (i < place.Length - 1 ? 0x80 : 0));
        }
    }
}
