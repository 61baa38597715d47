namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Numbers that a weight is decoded with (scales, zero points, tables) as float32: all of them where they are few, else those around the ones that were asked for last.</summary>
/// <remarks>A file may hold a table for every few elements, of codes of few bits: decoded at once it would be many times the file.</remarks>
internal sealed class FloatWindow
{
    private const int MostAtOnce = 1 << 20;
    private const int WindowElements = 1 << 14; // as much as the largest table that is common: 256 vectors of 64

    private readonly DecodedValues _numbers;
    private float[] _values;
    private int _start;

    internal FloatWindow(DecodedValues numbers)
    {
        _numbers = numbers;
        _values = numbers.Count <= MostAtOnce ? new float[numbers.Count] : [];
        numbers.Read(0, _values);
    }

    /// <summary>All of them, where they are few; else nothing.</summary>
    internal ReadOnlySpan<float> Whole => _values.Length == _numbers.Count ? _values : default;

    /// <summary>One number.</summary>
    internal float this[int index]
    {
        get
        {
            int at = index - _start;
            return (uint)at < (uint)_values.Length ? _values[at] : Slice(index, 1)[0];
        }
    }

    /// <summary>Some adjacent numbers; valid until others are asked for.</summary>
    internal ReadOnlySpan<float> Slice(int start, int length)
    {
        int at = start - _start;
        return (uint)at <= (uint)_values.Length && length <= _values.Length - at ? _values.AsSpan(at, length) : Moved(start, length);
    }

    private ReadOnlySpan<float> Moved(int start, int length)
    {
        int count = Math.Min(Math.Max(length, WindowElements), _numbers.Count - start);
        _values = _values.Length == count ? _values : new float[count];
        _start = start;
        _numbers.Read(start, _values);
        return _values.AsSpan(0, length);
    }
}
