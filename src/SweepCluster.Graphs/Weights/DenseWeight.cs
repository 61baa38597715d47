namespace SweepCluster.Graphs.Weights;

/// <summary>A weight stored value by value, in its own type or in a narrower one that the device casts back from.</summary>
public sealed class DenseWeight : CompressedWeight
{
    /// <summary>A dense weight.</summary>
    /// <param name="type">Type the device computes with.</param>
    /// <param name="values">The stored values; their type may be narrower than <paramref name="type"/> (float16 for a float32 weight).</param>
    public DenseWeight(ElementType type, TensorData values)
        : base(type, values.Shape)
    {
        Values = values;
    }

    /// <summary>The stored values.</summary>
    public TensorData Values { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => [new("values", Values)];
}
