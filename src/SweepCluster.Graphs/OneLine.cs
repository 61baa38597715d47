using System.Text;

namespace SweepCluster.Graphs;

/// <summary>Brings text from anywhere (a program's last words, an error's message) into the form in which it can be shown, recorded and compared.</summary>
public static class OneLine
{
    /// <summary>The text on one line: line breaks and other white space become a space each, other control characters and halves of characters U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <remarks>PostgreSQL refuses a NUL in a text, and no encoder takes half a surrogate pair; other control characters move a terminal's cursor.</remarks>
    public static string Of(string text)
    {
        string[] lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        StringBuilder line = new(text.Length);
        foreach (Rune rune in string.Join(' ', lines).EnumerateRunes()) // gives U+FFFD for half a character
        {
            line.Append(!Rune.IsControl(rune) ? rune.ToString() : Rune.IsWhiteSpace(rune) ? " " : "\uFFFD");
        }

        return line.ToString();
    }
}
