using System.Text;

namespace SweepCluster.Graphs;

/// <summary>Brings text from anywhere (a program's last words, an error's message) into the form in which it can be shown, recorded and compared.</summary>
public static class OneLine
{
    private const int LongestStart = 700;
    private const int LongestEnd = 200;

    /// <summary>The text as <see cref="Of"/> gives it, about 900 characters of it at most: a name that a broken file holds may be of any length. The middle is left out, so that a message keeps its place and what was expected.</summary>
    public static string Short(string text) => Of(text.Length <= LongestStart + LongestEnd ? text : $"{text[..LongestStart]} ... {text[^LongestEnd..]}");

    /// <summary>The text on one line: line breaks and other white space become a space each, other control characters and halves of characters U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <remarks>PostgreSQL refuses a NUL in a text, and no encoder takes half a surrogate pair; other control characters move a terminal's cursor.</remarks>
    public static string Of(string text)
    {
        string[] lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        StringBuilder line = new(text.Length);
        foreach (Rune rune in string.Join(' ', lines).EnumerateRunes()) // gives U+FFFD for half a character
        {
            line.Append(rune.Value is 0x2028 or 0x2029 ? " " : !Rune.IsControl(rune) ? rune.ToString() : Rune.IsWhiteSpace(rune) ? " " : "\uFFFD");
        }

        return line.ToString();
    }
}
