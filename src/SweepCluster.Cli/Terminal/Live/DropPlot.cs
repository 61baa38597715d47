using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal.Live;

/// <summary>Size against drop in characters: each point of the frontier, and the stairs between them, which say what is to be had for how many bytes.</summary>
internal sealed class DropPlot
{
    private const int LeastColumns = 16, LeastRows = 4;
    private const double LogAbove = 4; // sizes further apart than this are spread by their ratio
    private const double MostLimits = 4; // drops beyond so many times the accepted one say no more than that they are too large
    private const char Point = 'o', Chosen = '*', Beyond = '^', Dot = '.';
    private const char Braille = '\u2800';
    private static readonly int[,] s_bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } }; // by row and column of the dot

    private readonly Glyphs _glyphs;
    private readonly int _columns, _rows, _across, _down;
    private readonly bool[,] _dots;
    private readonly char[,] _marks;
    private readonly double _top, _bottom, _small, _large;

    private DropPlot(ImmutableArray<BestPoint> points, double? maxDrop, int columns, int rows, Glyphs glyphs)
    {
        _glyphs = glyphs;
        (_columns, _rows) = (columns, rows);
        (_across, _down) = glyphs.HasBraille ? (2, 4) : (1, 1);
        _dots = new bool[rows * _down, columns * _across];
        _marks = new char[rows, columns];
        (_top, _bottom) = Range(points, maxDrop);
        _small = Scaled(points[0].SizeBytes, points);
        _large = Scaled(points[^1].SizeBytes, points);
    }

    /// <summary>Draws a frontier; nothing where there is no point or no room.</summary>
    /// <param name="progress">Holds the frontier, smallest first.</param>
    /// <param name="width">Columns, the axis' labels among them.</param>
    /// <param name="rows">Rows of the plot itself; it takes three more.</param>
    /// <param name="glyphs">What to draw with.</param>
    internal static IReadOnlyList<FrameLine> Draw(SweepProgress progress, int width, int rows, Glyphs glyphs)
    {
        ImmutableArray<BestPoint> points = progress.Frontier;
        if (points.IsEmpty || rows < LeastRows)
        {
            return [];
        }

        (double top, double bottom) = Range(points, progress.MaxDrop);
        int labels = Math.Max(Label(progress.Metric, top).Length, Label(progress.Metric, bottom).Length);
        int columns = width - labels - 2;
        if (columns < LeastColumns)
        {
            return [];
        }

        DropPlot plot = new(points, progress.MaxDrop, columns, rows, glyphs);
        plot.Stairs(points);
        plot.Points(points, progress.Shown);
        return plot.Lines(progress, labels);
    }

    private static (double Top, double Bottom) Range(ImmutableArray<BestPoint> points, double? maxDrop)
    {
        double top = points.Max(point => point.Drop.Value), bottom = Math.Min(0, points.Min(point => point.Drop.Value));
        if (maxDrop is > 0 and double most)
        {
            top = Math.Min(Math.Max(top, most), MostLimits * most);
        }

        return (top > bottom ? top : bottom + 0.01, bottom);
    }

    private static double Scaled(long sizeBytes, ImmutableArray<BestPoint> points) =>
        points[^1].SizeBytes > LogAbove * points[0].SizeBytes ? Math.Log(Math.Max(1, sizeBytes)) : sizeBytes;

    private static string Label(string metric, double value) => Quantity.IsShare(metric)
        ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);

    private static int Place(double value, double from, double to, int places) =>
        to > from ? (int)Math.Clamp(Math.Round((value - from) / (to - from) * (places - 1)), 0, places - 1) : places / 2;

    // Columns and rows of dots.
    private int Column(BestPoint point, ImmutableArray<BestPoint> points) => Place(Scaled(point.SizeBytes, points), _small, _large, _columns * _across);

    private int Row(double drop) => (_rows * _down) - 1 - Place(drop, _bottom, _top, _rows * _down);

    private void Stairs(ImmutableArray<BestPoint> points)
    {
        int right = (_columns * _across) - 1;
        for (int i = 0; i < points.Length; i++)
        {
            int row = Row(points[i].Drop.Value);
            int from = Column(points[i], points), to = i + 1 < points.Length ? Column(points[i + 1], points) : right;
            for (int column = from; column <= to; column++)
            {
                _dots[row, column] = true;
            }

            int next = i + 1 < points.Length ? Row(points[i + 1].Drop.Value) : row;
            for (; row <= next; row++)
            {
                _dots[row, to] = true;
            }
        }
    }

    private void Points(ImmutableArray<BestPoint> points, BestPoint? best)
    {
        foreach (BestPoint point in points.OrderBy(point => point.TrialId == best?.TrialId)) // the best last: nothing is drawn over it
        {
            _marks[Row(point.Drop.Value) / _down, Column(point, points) / _across] = point.Drop.Value > _top ? Beyond : point.TrialId == best?.TrialId ? Chosen : Point;
        }
    }

    private List<FrameLine> Lines(SweepProgress progress, int labels)
    {
        string unit = Quantity.IsShare(progress.Metric) ? ", points" : string.Empty;
        string legend = !_marks.Cast<char>().Contains(Chosen) ? string.Empty : progress.Chosen is null ? "; * best so far" : "; * chosen";
        List<FrameLine> lines = [new FrameLine().Add($"drop of {progress.Metric}{unit}{legend}", Tone.Dim)];
        int limit = progress.MaxDrop is { } most && most <= _top && most >= _bottom ? Row(most) / _down : -1;
        for (int row = 0; row < _rows; row++)
        {
            string label = row == 0 ? Label(progress.Metric, _top) : row == _rows - 1 ? Label(progress.Metric, _bottom) : row == limit ? Label(progress.Metric, progress.MaxDrop!.Value) : string.Empty;
            FrameLine line = new FrameLine().Add($"{label.PadLeft(labels)[^labels..]} {_glyphs.Vertical}", Tone.Dim);
            (char Glyph, Tone Tone)[] cells = [.. Enumerable.Range(0, _columns).Select(column => Cell(row, column, row == limit))];
            foreach ((char glyph, Tone tone) in cells[..(Array.FindLastIndex(cells, cell => cell.Glyph != ' ') + 1)])
            {
                line.Add(glyph.ToString(), tone);
            }

            lines.Add(line);
        }

        string small = ByteSize.Write(progress.Frontier[0].SizeBytes), large = ByteSize.Write(progress.Frontier[^1].SizeBytes);
        lines.Add(new FrameLine().Add($"{new string(' ', labels)} {_glyphs.Corner}{new string(_glyphs.Horizontal, _columns)}", Tone.Dim));
        lines.Add(new FrameLine().Add($"{new string(' ', labels + 2)}{small}{large.PadLeft(Math.Max(large.Length + 1, _columns - small.Length))}", Tone.Dim));
        return lines;
    }

    private (char Glyph, Tone Tone) Cell(int row, int column, bool isLimit)
    {
        if (_marks[row, column] is var mark and not '\0')
        {
            return (mark, mark == Chosen ? Tone.Good : Tone.Strong);
        }

        int bits = 0;
        for (int down = 0; down < _down; down++)
        {
            for (int across = 0; across < _across; across++)
            {
                bits |= _dots[(row * _down) + down, (column * _across) + across] ? s_bits[down, across] : 0;
            }
        }

        return bits == 0 ? (isLimit ? _glyphs.Limit : ' ', Tone.Dim) : (_glyphs.HasBraille ? (char)(Braille + bits) : Dot, Tone.Plain);
    }
}
