namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are looked up as vectors along an axis, where a mask is 1 if there is one, and may be scaled.</summary>
/// <remarks>Elements that are adjacent across the axis make a row: one element each of as many vectors. So many rows as a vector has elements, one after the other, are of the same vectors.</remarks>
internal sealed class VectorValues : DecodedValues
{
    private const int Pruned = -1;
    private const int ShortRow = 32; // up to here vectors are best looked up whole

    private readonly PaletteIndices _indices;
    private readonly MaskRank? _mask;
    private readonly FloatWindow _tables;
    private readonly BlockRuns _groups;
    private readonly BlockRuns _channels;
    private readonly LinearArithmetic? _scaling;
    private readonly int _entries;
    private readonly int _length;
    private readonly int _row;
    private readonly float[] _zeros;
    private readonly int[] _places; // of some vectors in the tables
    private int _first;
    private int _known;

    internal VectorValues(PalettizedWeight weight, int count)
        : this(weight, count, weight.Indices.Shape, weight.Indices, weight.Table, weight.VectorAxis!.Value)
    {
        if (weight.ChannelScales is { } scales)
        {
            _channels = new BlockRuns(weight.Shape, scales.Shape.Extents.AsSpan());
            _scaling = LinearArithmetic.Scaling(scales);
        }
    }

    internal VectorValues(SparsePalettizedWeight weight, int count)
        : this(weight, count, weight.Mask.Shape, weight.Indices, weight.Table, weight.VectorAxis!.Value) => _mask = new MaskRank(weight.Mask, _groups.ElementCount);

    private VectorValues(CompressedWeight weight, int count, Shape vectors, TensorData indices, PaletteTable tables, int axis)
        : base(weight.Type, count)
    {
        int rank = vectors.Rank;
        _indices = new PaletteIndices(indices, RoomForChunk);
        _tables = new FloatWindow(tables);
        _groups = new BlockRuns(vectors, tables.Shape.Extents.AsSpan()[..rank]);
        (_entries, _length) = (tables.Shape[rank], tables.Shape[rank + 1]);
        _row = (int)new Shape(vectors.Extents.AsSpan()[(axis + 1)..]).ElementCount;
        _zeros = new float[_length];
        _places = new int[Math.Min(ChunkElements, _groups.ElementCount)];
    }

    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        if (_row == 1)
        {
            DecodeVectors(start, values);
        }
        else
        {
            DecodeRows(start, values);
        }

        _scaling?.Apply(values, start, _channels);
    }

    private void DecodeVectors(int start, Span<float> values)
    {
        (int vector, int element) = Math.DivRem(start, _length);
        while (values.Length > 0)
        {
            foreach (int place in PlacesFrom(vector))
            {
                int count = Math.Min(_length - element, values.Length);
                Copy(place == Pruned ? _zeros.AsSpan(0, count) : _tables.Slice(place + element, count), values);
                values = values[count..];
                element = 0;
                vector++;
                if (values.IsEmpty)
                {
                    break;
                }
            }
        }
    }

    private void DecodeRows(int start, Span<float> values)
    {
        (int row, int column) = Math.DivRem(start, _row);
        (int above, int element) = Math.DivRem(row, _length);
        for (int vector = (above * _row) + column; values.Length > 0;)
        {
            ReadOnlySpan<int> places = PlacesFrom(vector);
            int count = Math.Min(Math.Min(places.Length, _row - column), values.Length), band = _row * _length;
            if (_row <= ShortRow && count == _row && element == 0 && band <= values.Length)
            {
                LookUpBand(places[.._row], values[..band]);
                values = values[band..];
                vector += _row;
                continue;
            }

            LookUp(places[..count], element, values[..count]);
            values = values[count..];
            vector += count;
            column += count;
            if (column == _row)
            {
                column = 0;
                element = (element + 1) % _length;
                vector -= element == 0 ? 0 : _row; // the next row is of the same vectors, but for the band's last one
            }
        }
    }

    // All rows of some vectors, vector by vector.
    private void LookUpBand(ReadOnlySpan<int> places, Span<float> values)
    {
        for (int i = 0; i < places.Length; i++)
        {
            ReadOnlySpan<float> vector = places[i] == Pruned ? _zeros : _tables.Slice(places[i], _length);
            for (int element = 0, at = i; element < vector.Length; element++, at += _row)
            {
                values[at] = vector[element];
            }
        }
    }

    private void LookUp(ReadOnlySpan<int> places, int element, Span<float> values)
    {
        ReadOnlySpan<float> tables = _tables.Whole;
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i] + element;
            values[i] = places[i] == Pruned ? 0 : (uint)place < (uint)tables.Length ? tables[place] : _tables[place];
        }
    }

    // Shorter than a call.
    private static void Copy(ReadOnlySpan<float> vector, Span<float> values)
    {
        values = values[..vector.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            values[i] = vector[i];
        }
    }

    // Of the vector, and of those behind it that are known.
    private ReadOnlySpan<int> PlacesFrom(int vector)
    {
        if (vector < _first || vector >= _first + _known)
        {
            Find(vector);
        }

        return _places.AsSpan(0, _known)[(vector - _first)..];
    }

    private void Find(int first)
    {
        _first = first;
        _known = Math.Min(_places.Length, _groups.ElementCount - first);
        int stored = _mask?.Before(first) ?? first, end = _mask?.Before(first + _known) ?? (first + _known), next = 0;
        ReadOnlySpan<byte> indices = _indices.Read(stored, end - stored), bits = _mask is null ? default : _mask.Bits;
        foreach ((int start, int length, int group) in _groups.Part(first, _known))
        {
            int table = group * _entries * _length;
            Span<int> places = _places.AsSpan(start - first, length);
            for (int i = 0; i < places.Length; i++)
            {
                places[i] = bits.IsEmpty || MaskRank.IsSet(bits, start + i) ? table + (indices[next++] * _length) : Pruned;
            }
        }
    }
}
