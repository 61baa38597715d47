namespace SweepCluster.Graphs.Weights;

/// <summary>One weight as a file stores it: compressed, or dense in some type. Data only; <c>SweepCluster.Compression</c> makes it, and <see cref="Decompressor"/> turns it back into values.</summary>
public abstract class CompressedWeight
{
    private protected CompressedWeight(ElementType type, Shape shape)
    {
        Type = type;
        Shape = shape;
    }

    /// <summary>Type of the values that the device computes from it.</summary>
    public ElementType Type { get; }

    /// <summary>Shape of the weight.</summary>
    public Shape Shape { get; }

    /// <summary>The stored tensors, by role, in a fixed order.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, TensorData>> Parts { get; }

    /// <summary>Says that the parts' bytes are not needed for now: those of a mapped file give their memory back, and are read again when they are asked for.</summary>
    public void Unload()
    {
        foreach ((_, TensorData part) in Parts)
        {
            part.Unload();
        }
    }

    /// <summary>Bytes of all parts, without what a file adds around them (records, alignment).</summary>
    public long PayloadBytes => Parts.Sum(part => (long)part.Value.Bytes.Length);
}
