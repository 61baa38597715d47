using System.Text;

namespace SweepCluster.Cli.Tests.Documents;

/// <summary>Takes a line of a shell example apart, as far as examples need it.</summary>
internal static class ShellLine
{
    /// <summary>The arguments of each call of the program on a line: <c>sweep ..</c>, or what follows <c>--</c> where the project is run. Dots that stand for more are left out.</summary>
    internal static IEnumerable<string[]> Sweeps(string line) => Commands(line)
        .Select(words => words.SkipWhile(word => word is "$" or "sudo" or "time" or "nohup" || IsAssignment(word)).ToArray())
        .Select(words => words is ["sweep", ..] ? words[1..]
            : words is ["dotnet", "run", ..] && words.Contains("src/SweepCluster.Cli") && Array.IndexOf(words, "--") is > 0 and var end ? words[(end + 1)..] : [])
        .Where(words => words.Length > 0)
        .Select(words => words.Where(word => word is not ("..." or "..")).ToArray());

    private static bool IsAssignment(string word) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && word[..at].All(letter => char.IsAsciiLetterUpper(letter) || letter == '_');

    /// <summary>The words of each command of a line. Redirections, and what they go to, are no words; a comment ends the line.</summary>
    private static IEnumerable<List<string>> Commands(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool hasWord = false, passOver = false;
        char quote = '\0';
        foreach (char letter in line + '\n')
        {
            if (quote != '\0' ? letter == quote : letter is '\'' or '"')
            {
                quote = quote == '\0' ? letter : '\0';
                hasWord = true;
            }
            else if (quote != '\0' || !(letter is ' ' or '\n' or '|' or ';' or '&' or '>' or '<' || (letter == '#' && !hasWord)))
            {
                word.Append(letter);
                hasWord = true;
            }
            else
            {
                if (hasWord && !passOver && !(letter is '>' or '<' && word.ToString() is "1" or "2"))
                {
                    words.Add(word.ToString());
                }

                passOver = letter is '>' or '<' || (passOver && !hasWord && letter == ' ');
                word.Clear();
                hasWord = false;
                if (letter is '\n' or '|' or ';' or '&' or '#' && words.Count > 0)
                {
                    yield return words;
                    words = [];
                }

                if (letter == '#')
                {
                    yield break;
                }
            }
        }
    }
}
