namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are stored one by one, in their own type or in another.</summary>
internal sealed class DenseValues(TensorData stored, ElementType type, int count) : DecodedValues(type, count)
{
    /// <inheritdoc/>
    internal override void ReadStored(int start, int length, Span<byte> bytes)
    {
        if (stored.Type == Type)
        {
            stored.Bytes.Span.Slice((int)Type.ByteCount(start), (int)Type.ByteCount(length)).CopyTo(bytes);
            return;
        }

        base.ReadStored(start, length, bytes);
    }

    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        stored.ToFloat32(start, values);
        if (stored.Type != Type)
        {
            LinearArithmetic.RoundTo(Type, values);
        }
    }
}
