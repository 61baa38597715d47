namespace SweepCluster.Graphs.Weights;

/// <summary>A pruned weight whose remaining values are stored as indices into palettes.</summary>
public sealed class SparsePalettizedWeight : CompressedWeight
{
    /// <summary>A pruned and palettized weight.</summary>
    /// <param name="shape">Shape of the weight, rank K.</param>
    /// <param name="mask">One bit an index, of the weight's shape with its extent on <paramref name="vectorAxis"/> divided by the vector length; 1 where an index is stored.</param>
    /// <param name="indices">The stored indices in row-major order, rank 1; unsigned, 1, 2, 3, 4, 6 or 8 bits.</param>
    /// <param name="table">As in <see cref="PalettizedWeight"/>.</param>
    /// <param name="vectorAxis">As in <see cref="PalettizedWeight"/>.</param>
    /// <exception cref="ArgumentException">Ranks, extents, types or the number of indices do not fit each other.</exception>
    public SparsePalettizedWeight(Shape shape, TensorData mask, TensorData indices, PaletteTable table, int? vectorAxis = null)
        : base(table.Type, shape)
    {
        SparseMask.Check(mask, indices);
        bool fits = mask.Shape.Rank == shape.Rank && table.Fits(mask.Shape, indices.Type.BitWidth());
        int vectorLength = fits ? table.Shape[shape.Rank + 1] : 1;
        for (int axis = 0; fits && axis < shape.Rank; axis++)
        {
            fits = mask.Shape[axis] * (axis == vectorAxis ? vectorLength : 1) == shape[axis];
        }

        if (!fits || (vectorLength > 1 && vectorAxis is null))
        {
            throw new ArgumentException($"A mask {mask.Shape} and a table {table.Shape} for {indices.Type.BitWidth()}-bit indices do not fit a weight {shape}.", nameof(table));
        }

        Mask = mask;
        Indices = indices;
        Table = table;
        VectorAxis = vectorAxis;
    }

    /// <summary>The mask, packed.</summary>
    public TensorData Mask { get; }

    /// <summary>The indices where the mask is 1, packed.</summary>
    public TensorData Indices { get; }

    /// <summary>The palettes.</summary>
    public PaletteTable Table { get; }

    /// <summary>Axis along which vectors lie, or null.</summary>
    public int? VectorAxis { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => [new("mask", Mask), new("indices", Indices), .. Table.Parts];
}
