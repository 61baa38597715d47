namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Numbers that a weight is decoded with (scales, zero points, tables) as float32: all of them, or those around the ones that were asked for last.</summary>
/// <remarks>A file may hold a table for every few elements, of codes of few bits: decoded at once it would be many times the file. What is asked for next may be anywhere in it:
/// looking there costs the numbers that are asked for and at most <see cref="WindowElements"/> and two bytes' more.</remarks>
internal sealed class FloatWindow
{
    /// <summary>Numbers that are decoded where fewer are asked for, so that neighbours come with them.</summary>
    internal const int WindowElements = 64;

    private const int MostAtOnce = 1 << 20;
    private const int WidthOfWhole = 8; // bits; float32 is at most four times them

    private readonly DecodedValues _numbers;
    private float[] _values;
    private int _start;
    private int _known;

    /// <summary>A window on numbers that are asked for in order: all of them where they are few.</summary>
    internal FloatWindow(DecodedValues numbers)
        : this(numbers, numbers.Count <= MostAtOnce)
    {
    }

    /// <summary>The entries of tables, which are asked for in any order: all of them where they are few, or stored in so many bits that float32 takes at most four times as much.</summary>
    internal FloatWindow(PaletteTable tables)
        : this(DecodedValues.Of(tables), tables.Shape.ElementCount <= MostAtOnce || tables.Entries.Type.BitWidth() >= WidthOfWhole)
    {
    }

    private FloatWindow(DecodedValues numbers, bool isWhole)
    {
        _numbers = numbers;
        _values = isWhole ? new float[numbers.Count] : [];
        _known = _values.Length;
        numbers.Read(0, _values);
    }

    /// <summary>All of them, where they are held; else nothing.</summary>
    internal ReadOnlySpan<float> Whole => _known == _numbers.Count ? _values.AsSpan(0, _known) : default;

    /// <summary>One number.</summary>
    internal float this[int index]
    {
        get
        {
            int at = index - _start;
            return (uint)at < (uint)_known ? _values[at] : Slice(index, 1)[0];
        }
    }

    /// <summary>Some adjacent numbers; valid until others are asked for.</summary>
    internal ReadOnlySpan<float> Slice(int start, int length)
    {
        int at = start - _start;
        return (uint)at <= (uint)_known && length <= _known - at ? _values.AsSpan(at, length) : Moved(start, length);
    }

    // From a whole byte to a whole byte, or to the end.
    private ReadOnlySpan<float> Moved(int start, int length)
    {
        int before = start % DecodedValues.Step, wanted = Math.Max(before + length, WindowElements);
        _start = start - before;
        _known = Math.Min((wanted + DecodedValues.Step - 1) / DecodedValues.Step * DecodedValues.Step, _numbers.Count - _start);
        _values = _values.Length >= _known ? _values : new float[_known];
        _numbers.Read(_start, _values.AsSpan(0, _known));
        return _values.AsSpan(before, length);
    }
}
