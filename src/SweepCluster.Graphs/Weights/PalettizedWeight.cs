namespace SweepCluster.Graphs.Weights;

/// <summary>A weight stored as indices into one or several palettes (look-up tables).</summary>
public sealed class PalettizedWeight : CompressedWeight
{
    /// <summary>A palettized weight.</summary>
    /// <param name="shape">Shape of the weight, rank K.</param>
    /// <param name="indices">Unsigned, 1, 2, 3, 4, 6 or 8 bits; shape of the weight, its extent on <paramref name="vectorAxis"/> divided by the palette's vector length.</param>
    /// <param name="table">Groups on each of the K axes (1 where an axis is not grouped), 2^bits entries, vector length. Its type is the weight's.</param>
    /// <param name="vectorAxis">Axis along which consecutive elements form a vector; null where the vector length is 1.</param>
    /// <param name="channelScales">Multiplied with what was looked up, in the weight's type: rank K, each extent dividing the weight's; null where there are none.</param>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other.</exception>
    public PalettizedWeight(Shape shape, TensorData indices, PaletteTable table, int? vectorAxis = null, TensorData? channelScales = null)
        : base(table.Type, shape)
    {
        if (table.Shape.Rank != shape.Rank + 2 || table.Shape[shape.Rank] != 1 << indices.Type.BitWidth())
        {
            throw new ArgumentException($"The table {table.Shape} does not fit a weight {shape} of {indices.Type.BitWidth()}-bit indices.", nameof(table));
        }

        int vectorLength = table.Shape[shape.Rank + 1];
        bool fits = indices.Shape.Rank == shape.Rank && table.Fits(indices.Shape, indices.Type.BitWidth());
        for (int axis = 0; fits && axis < shape.Rank; axis++)
        {
            fits = indices.Shape[axis] * (axis == vectorAxis ? vectorLength : 1) == shape[axis];
        }

        if (!fits)
        {
            throw new ArgumentException($"Indices {indices.Shape} and table {table.Shape} do not fit a weight {shape}.", nameof(indices));
        }

        if (channelScales is not null && !(channelScales.Type == table.Type && BlockRuns.Divide(shape, channelScales.Shape.Extents.AsSpan())))
        {
            throw new ArgumentException($"Channel scales of type {channelScales.Type.Name()} {channelScales.Shape} do not fit a weight of type {table.Type.Name()} {shape}.", nameof(channelScales));
        }

        if (vectorLength > 1 && vectorAxis is null)
        {
            throw new ArgumentException($"A table {table.Shape} of vectors needs the axis that they lie along.", nameof(vectorAxis));
        }

        Indices = indices;
        Table = table;
        VectorAxis = vectorAxis;
        ChannelScales = channelScales;
    }

    /// <summary>Bits of one index.</summary>
    public int Bits => Indices.Type.BitWidth();

    /// <summary>Packed indices.</summary>
    public TensorData Indices { get; }

    /// <summary>The palettes, shape <c>[groups on each axis.., 2^bits, vector length]</c>.</summary>
    public PaletteTable Table { get; }

    /// <summary>Elements that one index stands for; 1 for scalar palettes.</summary>
    public int VectorLength => Table.Shape[Shape.Rank + 1];

    /// <summary>Axis along which vectors lie, or null.</summary>
    public int? VectorAxis { get; }

    /// <summary>What each part of the weight is multiplied with after the look-up, or null.</summary>
    public TensorData? ChannelScales { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts =>
        [new("indices", Indices), .. Table.Parts, .. ChannelScales is null ? [] : new[] { KeyValuePair.Create("channel_scales", ChannelScales) }];
}
