using System.Text;

namespace SweepCluster.Cli.Terminal;

/// <summary>A table of aligned columns for a terminal or a pipe: no borders, numbers to the right.</summary>
internal sealed class TextTable
{
    private readonly (string Title, bool Right)[] _columns;
    private readonly List<string[]> _kept = [];
    private IEnumerable<string[]> _made = [];

    /// <summary>A table; a column whose title starts with <c>&gt;</c> is aligned to the right.</summary>
    internal TextTable(params string[] titles)
    {
        _columns = [.. titles.Select(title => title.StartsWith('>') ? (title[1..], true) : (title, false))];
    }

    /// <summary>Characters of its longest line. Goes through the rows.</summary>
    internal int Width => WidthOf(Widths());

    private IEnumerable<string[]> Rows => _kept.Concat(_made);

    internal void Add(params string[] cells) => _kept.Add(cells);

    /// <summary>Puts rows at the end that are made when they are written, and before for the widths: however many there are, none is kept.</summary>
    internal void End(IEnumerable<string[]> rows) => _made = rows;

    internal async Task WriteAsync(TextWriter output)
    {
        int[] widths = Widths();
        await output.WriteLineAsync(Line([.. _columns.Select(column => column.Title)], widths));
        await output.WriteLineAsync(new string('-', WidthOf(widths)));
        foreach (string[] row in Rows)
        {
            await output.WriteLineAsync(Line(row, widths));
        }
    }

    private static int WidthOf(int[] widths) => widths.Sum() + (2 * (widths.Length - 1));

    private int[] Widths()
    {
        int[] widths = [.. _columns.Select(column => column.Title.Length)];
        foreach (string[] row in Rows)
        {
            for (int index = 0; index < widths.Length; index++)
            {
                widths[index] = Math.Max(widths[index], row[index].Length);
            }
        }

        return widths;
    }

    private string Line(string[] cells, int[] widths)
    {
        StringBuilder line = new();
        for (int index = 0; index < cells.Length; index++)
        {
            line.Append(index == 0 ? string.Empty : "  ");
            line.Append(_columns[index].Right ? cells[index].PadLeft(widths[index]) : cells[index].PadRight(widths[index]));
        }

        return line.ToString().TrimEnd();
    }
}
