using System.Text;

namespace SweepCluster.Cli.Terminal.Live;

/// <summary>Draws frames over each other at the end of a terminal's text. Each frame is one write that overwrites the last line by line, so that nothing flickers.</summary>
internal sealed class LiveScreen(TextWriter output, bool colors)
{
    private const string Begin = "\e[?2026h", End = "\e[?2026l"; // terminals that know it show all of what is between at once
    private const string ClearLine = "\e[K", ClearBelow = "\e[J", HideCursor = "\e[?25l", ShowCursor = "\e[?25h";

    private IReadOnlyList<FrameLine> _drawn = [];
    private int _width;

    /// <summary>Draws a frame in the place of the last one.</summary>
    /// <param name="lines">The frame.</param>
    /// <param name="width">Columns of the terminal now.</param>
    internal void Draw(IReadOnlyList<FrameLine> lines, int width)
    {
        StringBuilder text = new(Begin + HideCursor);
        Return(text, width);
        foreach (FrameLine line in lines)
        {
            line.Write(text, width, colors);
            text.Append(ClearLine).Append('\n');
        }

        text.Append(ClearBelow).Append(End);
        output.Write(text.ToString());
        output.Flush();
        (_drawn, _width) = (lines, width);
    }

    /// <summary>Gives the terminal back, with the last frame on it or without.</summary>
    internal void Leave(bool keep, int width)
    {
        if (_drawn.Count == 0)
        {
            return;
        }

        StringBuilder text = new();
        if (!keep)
        {
            Return(text, width);
            text.Append(ClearBelow);
        }

        output.Write(text.Append(ShowCursor).ToString());
        output.Flush();
        _drawn = [];
    }

    /// <summary>Back to where the last frame begins. A terminal that was made narrower has broken its lines.</summary>
    private void Return(StringBuilder text, int width)
    {
        int rows = _drawn.Sum(line => width >= _width ? 1 : Math.Max(1, (Math.Min(line.Length, _width) + width - 1) / width));
        text.Append(rows > 0 ? $"\e[{rows}A\r" : "\r");
    }
}
