namespace SweepCluster.Graphs.Weights;

/// <summary>A pruned weight stored as a bit mask and the values that are left.</summary>
public sealed class SparseWeight : CompressedWeight
{
    /// <summary>A sparse weight.</summary>
    /// <param name="mask">One bit an element, of the weight's shape; 1 where a value is stored.</param>
    /// <param name="values">The stored values in row-major order, rank 1.</param>
    /// <exception cref="ArgumentException">The mask has another number of ones than there are values, or another type.</exception>
    public SparseWeight(TensorData mask, TensorData values)
        : base(values.Type, mask.Shape)
    {
        SparseMask.Check(mask, values);
        Mask = mask;
        Values = values;
    }

    /// <summary>The mask, packed.</summary>
    public TensorData Mask { get; }

    /// <summary>The values where the mask is 1.</summary>
    public TensorData Values { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => [new("mask", Mask), new("values", Values)];
}
