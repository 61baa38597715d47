using System.Buffers.Binary;
using Google.Protobuf;

namespace SweepCluster.Formats.CoreMl.Skeletons;

/// <summary>What stands in a skeleton in place of a weight's bytes: where they are, and how many.</summary>
/// <param name="At">Where: the first byte's offset in the model file, or the weight's number among those that are to be written.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct WeightReference(int At, int Length)
{
    /// <summary>Bytes of a reference. Every value of at least so many is replaced by one, so that what has this length in a skeleton is a reference and nothing that a file holds can be taken for one.</summary>
    internal const int Bytes = 16;

    private const int LengthAt = 8;

    /// <summary>Reads a reference.</summary>
    internal static WeightReference Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]));

    /// <summary>Writes it.</summary>
    internal void WriteTo(Span<byte> bytes)
    {
        bytes[..Bytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, At);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[LengthAt..], Length);
    }

    /// <summary>It as a field's value.</summary>
    internal ByteString ToByteString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        WriteTo(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
