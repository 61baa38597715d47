using Google.Protobuf;

namespace SweepCluster.Formats.CoreMl.Protos;

/// <summary>Floats of a weight, which the format declares as a list: packed, in one part or several, or one by one among the unknown fields.</summary>
internal sealed partial class WeightParams
{
    private const uint UnpackedTag = (1 << 3) | 5;

    private static readonly MessageParser<UnpackedWeightParams> s_unpacked = UnpackedWeightParams.Parser.WithDiscardUnknownFields(true);

    /// <summary>The packed floats; the first part of several.</summary>
    internal ByteString FloatValue
    {
        get => FloatChunks.Count == 0 ? ByteString.Empty : FloatChunks[0];
        set
        {
            FloatChunks.Clear();
            if (!value.IsEmpty)
            {
                FloatChunks.Add(value);
            }
        }
    }

    /// <summary>The floats that stand one by one.</summary>
    internal IReadOnlyList<float> UnpackedFloats => _unknownFields is null || _unknownFields.CalculateSize() <= sizeof(float) ? [] : s_unpacked.ParseFrom(UnknownBytes()).FloatValue;

    /// <summary>Leaves out the floats that stand one by one. Other unknown fields stay.</summary>
    internal void DropUnpackedFloats()
    {
        if (_unknownFields is null)
        {
            return;
        }

        UnknownFieldSet? others = null;
        using CodedInputStream fields = new(UnknownBytes());
        while (fields.ReadTag() is uint tag and not 0)
        {
            if (tag == UnpackedTag)
            {
                fields.SkipLastField();
            }
            else
            {
                others = UnknownFieldSet.MergeFieldFrom(others, fields);
            }
        }

        _unknownFields = others;
    }

    private byte[] UnknownBytes()
    {
        byte[] bytes = new byte[_unknownFields.CalculateSize()];
        using CodedOutputStream written = new(bytes);
        _unknownFields.WriteTo(written);
        return bytes;
    }
}
