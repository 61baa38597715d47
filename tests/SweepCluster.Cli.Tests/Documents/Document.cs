using System.Text;
using System.Text.RegularExpressions;
using SweepCluster.Testing;

namespace SweepCluster.Cli.Tests.Documents;

/// <summary>A Markdown file of the repository, as a reader meets it: its headings, links and command lines.</summary>
internal sealed partial class Document
{
    private static readonly string[] s_passedOver = ["bin", "obj", "node_modules", "TestResults"];
    private static readonly string[] s_shells = ["sh", "bash", "shell", "console"];

    private readonly List<(int Number, string Text)> _prose = [];
    private readonly List<(int Number, string Text)> _shell = [];

    private Document(string path)
    {
        Path = path;
        Name = System.IO.Path.GetRelativePath(SharedData.Repository, path);
        string? fence = null;
        bool isShell = false;
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (Fence().Match(line) is { Success: true } mark && (fence is null || mark.Groups["mark"].Value.StartsWith(fence, StringComparison.Ordinal)))
            {
                isShell = fence is null && s_shells.Contains(mark.Groups["language"].Value);
                fence = fence is null ? mark.Groups["mark"].Value : null;
            }
            else if (fence is null)
            {
                _prose.Add((number, line));
            }
            else if (isShell)
            {
                _shell.Add((number, line));
            }
        }
    }

    /// <summary>Every document of the repository.</summary>
    internal static IReadOnlyList<Document> All { get; } = [.. Find(SharedData.Repository).Order(StringComparer.Ordinal).Select(path => new Document(path))];

    internal string Path { get; }

    /// <summary>Its path in the repository.</summary>
    internal string Name { get; }

    /// <summary>What a link may name behind <c>#</c>: headings as GitHub writes them, and anchors in HTML.</summary>
    internal HashSet<string> Anchors()
    {
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach ((_, string line) in _prose)
        {
            foreach (Match match in HtmlAnchor().Matches(line))
            {
                anchors.Add(match.Groups["id"].Value);
            }

            if (Heading().Match(line) is { Success: true } heading)
            {
                string slug = Slug(heading.Groups["text"].Value), anchor = slug;
                for (int i = 1; !anchors.Add(anchor); i++)
                {
                    anchor = $"{slug}-{i}";
                }
            }
        }

        return anchors;
    }

    /// <summary>Targets of its links and pictures, with the lines they are on.</summary>
    internal IEnumerable<(int Number, string Target)> Links() => _prose.SelectMany(line => Link().Matches(CodeSpan().Replace(line.Text, "`")).Select(match => (line.Number, match.Groups["target"].Value)));

    /// <summary>Command lines of its shell examples, continued lines joined.</summary>
    internal IEnumerable<(int Number, string Text)> ShellLines()
    {
        StringBuilder joined = new();
        foreach ((int number, string text) in _shell)
        {
            bool goesOn = text.EndsWith('\\');
            joined.Append(goesOn ? text[..^1] : text);
            if (!goesOn)
            {
                yield return (number, joined.ToString());
                joined.Clear();
            }
        }
    }

    /// <summary>What stands in its text as code.</summary>
    internal IEnumerable<(int Number, string Text)> CodeSpans() => _prose.SelectMany(line => CodeSpan().Matches(line.Text).Select(match => (line.Number, match.Groups["code"].Value.Replace("\\|", "|", StringComparison.Ordinal))));

    private static IEnumerable<string> Find(string folder) => Directory.EnumerateFiles(folder, "*.md").Concat(Directory.EnumerateDirectories(folder)
        .Where(inner => System.IO.Path.GetFileName(inner) is var name && !name.StartsWith('.') && !s_passedOver.Contains(name)).SelectMany(Find));

    private static string Slug(string heading)
    {
        string text = LinkText().Replace(heading.Trim(), "${text}").ToLowerInvariant();
        return string.Concat(text.Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');
    }

    [GeneratedRegex("^ {0,3}(?<mark>```+|~~~+) *(?<language>[a-z]*)")]
    private static partial Regex Fence();

    [GeneratedRegex("^ {0,3}#{1,6} +(?<text>.*?) *#*$")]
    private static partial Regex Heading();

    [GeneratedRegex("<[a-z][^>]* (?:id|name)=\"(?<id>[^\"]+)\"")]
    private static partial Regex HtmlAnchor();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?: ""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("(?<mark>`+)(?<code>.+?)\\k<mark>(?!`)")]
    private static partial Regex CodeSpan();
}
