using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are looked up one by one where a mask is 1.</summary>
internal sealed class SparsePaletteValues : DecodedValues
{
    private readonly PaletteIndices _indices;
    private readonly MaskRank _mask;
    private readonly FloatWindow _tables;
    private readonly BlockRuns _groups;
    private readonly int _entries;
    private readonly float[] _kept;

    internal SparsePaletteValues(SparsePalettizedWeight weight, int count)
        : base(weight.Type, count)
    {
        Shape tables = weight.Table.Shape;
        int rank = weight.Shape.Rank;
        _indices = new PaletteIndices(weight.Indices, RoomForChunk);
        _mask = new MaskRank(weight.Mask, count);
        _tables = new FloatWindow(weight.Table);
        _groups = new BlockRuns(weight.Shape, tables.Extents.AsSpan()[..rank]);
        _entries = tables[rank];
        _kept = new float[RoomForChunk];
    }

    // Looked up side by side, then put to their places.
    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        int before = _mask.Before(start), next = 0;
        ReadOnlySpan<byte> indices = _indices.Read(before, _mask.Before(start + values.Length) - before), bits = _mask.Bits;
        foreach ((int first, int length, int group) in _groups.Part(start, values.Length))
        {
            int ones = SparsePacking.Ones(bits, first, length);
            if (ones == 0)
            {
                continue; // where most are pruned, most runs need no table
            }

            PaletteValues.LookUp(_tables.Slice(group * _entries, _entries), indices.Slice(next, ones), _kept.AsSpan(next));
            next += ones;
        }

        SparseValues.Expand(bits, start, _kept.AsSpan(0, next), values);
    }
}
