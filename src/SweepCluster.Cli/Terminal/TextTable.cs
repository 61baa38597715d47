using System.Text;

namespace SweepCluster.Cli.Terminal;

/// <summary>A table of aligned columns for a terminal or a pipe: no borders, numbers to the right.</summary>
internal sealed class TextTable
{
    private readonly (string Title, bool Right)[] _columns;
    private readonly List<string[]> _rows = [];

    /// <summary>A table; a column whose title starts with <c>&gt;</c> is aligned to the right.</summary>
    internal TextTable(params string[] titles)
    {
        _columns = [.. titles.Select(title => title.StartsWith('>') ? (title[1..], true) : (title, false))];
    }

    internal void Add(params string[] cells) => _rows.Add(cells);

    internal async Task WriteAsync(TextWriter output)
    {
        int[] widths = [.. _columns.Select((column, index) => Math.Max(column.Title.Length, _rows.Select(row => row[index].Length).DefaultIfEmpty().Max()))];
        await output.WriteLineAsync(Line([.. _columns.Select(column => column.Title)], widths));
        await output.WriteLineAsync(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        foreach (string[] row in _rows)
        {
            await output.WriteLineAsync(Line(row, widths));
        }
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
