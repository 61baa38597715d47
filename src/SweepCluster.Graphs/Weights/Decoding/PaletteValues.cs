namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are looked up one by one, and may be scaled.</summary>
internal sealed class PaletteValues : DecodedValues
{
    private readonly PaletteIndices _indices;
    private readonly FloatWindow _tables;
    private readonly BlockRuns _groups;
    private readonly int _entries;
    private readonly BlockRuns _channels;
    private readonly LinearArithmetic? _scaling;

    internal PaletteValues(PalettizedWeight weight, int count)
        : base(weight.Type, count)
    {
        Shape tables = weight.Table.Shape;
        int rank = weight.Shape.Rank;
        _indices = new PaletteIndices(weight.Indices, RoomForChunk);
        _tables = new FloatWindow(weight.Table);
        _groups = new BlockRuns(weight.Shape, tables.Extents.AsSpan()[..rank]);
        _entries = tables[rank];
        if (weight.ChannelScales is { } scales)
        {
            _channels = new BlockRuns(weight.Shape, scales.Shape.Extents.AsSpan());
            _scaling = LinearArithmetic.Scaling(scales);
        }
    }

    /// <summary>Looks indices up.</summary>
    internal static void LookUp(ReadOnlySpan<float> table, ReadOnlySpan<byte> indices, Span<float> values)
    {
        values = values[..indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            values[i] = table[indices[i]];
        }
    }

    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        ReadOnlySpan<byte> indices = _indices.Read(start, values.Length);
        foreach ((int first, int length, int group) in _groups.Part(start, values.Length))
        {
            LookUp(_tables.Slice(group * _entries, _entries), indices.Slice(first - start, length), values[(first - start)..]);
        }

        _scaling?.Apply(values, start, _channels);
    }
}
