using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Evenly spaced palettes exactly as coremltools computes them: every step of an index rounded to the weight's type; the table from the range in that type, but in double precision, as NumPy widens it.</summary>
/// <remarks>A constant group is 0/0 there. Here all its entries are the constant and its indices 0.</remarks>
internal sealed class ReferenceUniform
{
    private readonly ElementType _type;
    private readonly float _min;
    private readonly float _range;
    private readonly int _levels;

    private ReferenceUniform(ElementType type, float min, float range, int levels)
    {
        _type = type;
        _min = min;
        _range = range;
        _levels = levels;
    }

    /// <summary>Fits a group; null where its range overflows the weight's type.</summary>
    internal static ReferenceUniform? Fit(ElementType type, ValueRange range, int bits)
    {
        float extent = StoredValue.Cast(type, range.Max - range.Min);
        return float.IsFinite(extent) ? new(type, range.Min, extent, (1 << bits) - 1) : null;
    }

    internal double[] Entries()
    {
        double scale = (double)_range / _levels;
        double[] entries = new double[_levels + 1];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = (i * scale) + _min;
        }

        return entries;
    }

    internal void Encode(ReadOnlySpan<float> values, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = Code(values[i]);
        }
    }

    private byte Code(float value)
    {
        if (_range == 0)
        {
            return 0;
        }

        float share = StoredValue.Cast(_type, StoredValue.Cast(_type, value - _min) / _range);
        return (byte)MathF.Round(StoredValue.Cast(_type, share * _levels));
    }
}
