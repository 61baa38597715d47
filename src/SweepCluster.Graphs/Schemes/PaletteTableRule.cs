using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Graphs.Schemes;

/// <summary>The table of a <see cref="PaletteMode.Custom"/> palette: numbers, or a named rule that makes them for each group of channels.</summary>
/// <param name="Text">Canonical text: a rule's name, or numbers joined by <c>|</c>, as <c>-1|0|0.5|1</c>.</param>
public sealed record PaletteTableRule(string Text)
{
    /// <summary>Names of rules. <c>nf4</c>: the sixteen quantiles of NormalFloat4; <c>fp4</c>: the values of a 4-bit float (E2M1); <c>powers_of_two</c>: 0 and plus and minus powers of two below the largest magnitude;
    /// <c>quantiles</c>: the values in the middles of parts of as many elements each. All but the last are scaled by the group's largest magnitude.</summary>
    public static ImmutableArray<string> Rules { get; } = ["nf4", "fp4", "powers_of_two", "quantiles"];

    /// <summary>Whether this is a named rule; otherwise numbers.</summary>
    public bool IsRule => Rules.Contains(Text);

    /// <summary>Bits of one index where the rule itself says them: 4 for <c>nf4</c> and <c>fp4</c>; null where they can be chosen, or follow from the numbers.</summary>
    public int? FixedBits => Text is "nf4" or "fp4" ? 4 : null;

    /// <summary>The numbers in the order in which they were given; empty for a rule.</summary>
    public ImmutableArray<float> Values => IsRule ? [] : [.. Text.Split('|').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>A rule's name, or how many numbers there are with four hexadecimal digits of a hash that tells tables of as many numbers apart: <c>3#09af</c>.</summary>
    public string Label => IsRule ? Text : $"{Text.Count(symbol => symbol == '|') + 1}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, 2))}";

    /// <summary>Reads a rule's name or numbers.</summary>
    /// <param name="text">As <see cref="Text"/>, the numbers in any notation; -0 is 0.</param>
    /// <param name="rule">Receives the rule.</param>
    /// <returns>False where the text is neither, or has fewer than 2 or more than 256 finite numbers.</returns>
    public static bool TryParse(string text, out PaletteTableRule rule)
    {
        rule = new(text);
        if (rule.IsRule)
        {
            return true;
        }

        string[] numbers = text.Split('|', StringSplitOptions.TrimEntries);
        List<string> canonical = [];
        foreach (string number in numbers)
        {
            if (!float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
            {
                return false;
            }

            canonical.Add((value + 0f).ToString("R", CultureInfo.InvariantCulture));
        }

        rule = new(string.Join('|', canonical));
        return numbers.Length is >= 2 and <= 256;
    }
}
