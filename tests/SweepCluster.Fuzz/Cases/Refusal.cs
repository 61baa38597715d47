using SweepCluster.Graphs;

namespace SweepCluster.Fuzz.Cases;

/// <summary>What a broken model may do: be refused, in one line that can be printed.</summary>
internal static class Refusal
{
    private const int LongestLine = 1000;

    /// <summary>Does something, which may end in one line.</summary>
    /// <param name="doing">What is done, for messages.</param>
    /// <param name="act">Does it.</param>
    /// <param name="line">The line; null where it was done.</param>
    /// <exception cref="FuzzFault">It ended in any other way.</exception>
    public static T? Lines<T>(string doing, Func<T?> act, out string? line)
        where T : class
    {
        line = null;
        try
        {
            return act();
        }
        catch (BadInputException exception)
        {
            line = exception.Message;
            return line.Length <= LongestLine && !line.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')
                ? null
                : throw new FuzzFault($"{doing} gave no line: {line[..Math.Min(line.Length, 3000)]}", exception);
        }
        catch (Exception exception) when (exception is not FuzzFault)
        {
            throw new FuzzFault($"{doing} threw {exception}", exception);
        }
    }

    /// <summary>A line with names and numbers taken out, so that one way through the reader has one signature.</summary>
    public static string Signature(string line, string path)
    {
        string plain = line.Replace(path, "", StringComparison.Ordinal);
        System.Text.StringBuilder signature = new();
        bool quoted = false;
        foreach (char letter in plain)
        {
            quoted ^= letter == '\'';
            if (!quoted && !char.IsDigit(letter))
            {
                signature.Append(letter);
            }
        }

        return signature.ToString();
    }
}
