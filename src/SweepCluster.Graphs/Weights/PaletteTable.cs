namespace SweepCluster.Graphs.Weights;

/// <summary>The palettes of a weight: entries in the weight's type, or 8-bit codes of them with a scale.</summary>
public sealed class PaletteTable
{
    /// <summary>A table in the weight's type.</summary>
    /// <param name="entries">Rank K+2: groups on each of the weight's K axes (1 where an axis is not grouped), 2^bits entries, vector length.</param>
    public PaletteTable(TensorData entries)
        : this(entries, null, null)
    {
    }

    /// <summary>A table whose entries are linear codes: <c>entry = (code - zero) * scale</c>.</summary>
    /// <param name="entries">As above; int8 or uint8 where <paramref name="scales"/> is given.</param>
    /// <param name="scales">Rank K+2, in the weight's type, each extent dividing that of <paramref name="entries"/>; null for entries in the weight's type.</param>
    /// <param name="zeroPoints">The shape of <paramref name="scales"/>, in the codes' type; null where every zero point is 0.</param>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other.</exception>
    public PaletteTable(TensorData entries, TensorData? scales, TensorData? zeroPoints)
    {
        if (scales is not null)
        {
            Codes = new QuantizedWeight(entries, scales, zeroPoints, DecodeArithmetic.ScaleType); // checks that they fit
        }
        else if (!entries.Type.IsFloat() || zeroPoints is not null)
        {
            throw new ArgumentException($"A table of {entries.Type.Name()} needs scales.", nameof(scales));
        }

        Entries = entries;
        Scales = scales;
        ZeroPoints = zeroPoints;
    }

    /// <summary>The entries as stored.</summary>
    public TensorData Entries { get; }

    /// <summary>Scales of 8-bit entries, or null.</summary>
    public TensorData? Scales { get; }

    /// <summary>Zero points of 8-bit entries, or null.</summary>
    public TensorData? ZeroPoints { get; }

    /// <summary>Shape: groups on each axis, entries, vector length.</summary>
    public Shape Shape => Entries.Shape;

    /// <summary>Type of the decoded entries.</summary>
    public ElementType Type => (Scales ?? Entries).Type;

    /// <summary>The table as linear codes; null where entries have the weight's type.</summary>
    public QuantizedWeight? Codes { get; }

    /// <summary>The stored tensors by role, in a fixed order.</summary>
    internal IEnumerable<KeyValuePair<string, TensorData>> Parts
    {
        get
        {
            yield return new("table", Entries);
            if (Scales is not null)
            {
                yield return new("table_scales", Scales);
            }

            if (ZeroPoints is not null)
            {
                yield return new("table_zero_points", ZeroPoints);
            }
        }
    }

    /// <summary>A table in the weight's type.</summary>
    public static implicit operator PaletteTable(TensorData entries) => new(entries);

    /// <summary>The entries that a device looks up, as float32, row-major.</summary>
    public float[] ToFloat32() => Codes is null ? Entries.ToFloat32() : Decompressor.ToFloat32(Codes);

    // Whether this is a table for indices of `bits` bits into groups of a tensor of `indices`' shape.
    internal bool Fits(Shape indices, int bits) => Shape.Rank == indices.Rank + 2 && Shape[indices.Rank] == 1 << bits && Shape[indices.Rank + 1] >= 1
        && BlockRuns.Divide(indices, Shape.Extents.AsSpan()[..indices.Rank]);
}
