using System.Text;

namespace SweepCluster.Cli.Terminal.Live;

/// <summary>A line of a frame, in pieces that look different where there are colours. Every character takes one column.</summary>
internal sealed class FrameLine
{
    private const char Cut = '~'; // where something was left out at the end

    private readonly List<(string Text, Tone Tone)> _pieces = [];

    /// <summary>Columns that it takes.</summary>
    internal int Length { get; private set; }

    /// <summary>The line with another piece; control characters, which a name may hold, are shown as question marks.</summary>
    internal FrameLine Add(string text, Tone tone = Tone.Plain)
    {
        string clean = text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)) : text;
        if (_pieces.Count > 0 && _pieces[^1].Tone == tone)
        {
            _pieces[^1] = (_pieces[^1].Text + clean, tone);
        }
        else
        {
            _pieces.Add((clean, tone));
        }

        Length += clean.Length;
        return this;
    }

    /// <summary>Text of at most so many columns.</summary>
    internal static string Shorten(string text, int width) => text.Length <= width ? text : width < 1 ? string.Empty : text[..(width - 1)] + Cut;

    /// <summary>Writes the first columns of the line.</summary>
    internal void Write(StringBuilder text, int width, bool colors)
    {
        int left = width;
        foreach ((string piece, Tone tone) in _pieces)
        {
            string shown = Shorten(piece, left);
            left -= shown.Length;
            string? code = colors && !string.IsNullOrWhiteSpace(shown) ? CodeOf(tone) : null;
            text.Append(code).Append(shown).Append(code is null ? null : "\e[0m");
        }
    }

    private static string? CodeOf(Tone tone) => tone switch
    {
        Tone.Strong => "\e[1m",
        Tone.Dim => "\e[2m",
        Tone.Good => "\e[32m",
        Tone.Bad => "\e[31m",
        _ => null,
    };
}
