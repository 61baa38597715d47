using System.CommandLine;
using SweepCluster.Testing;

namespace SweepCluster.Cli.Tests.Documents;

/// <summary>What the documents say can be followed: every link leads somewhere, and every command line is one that the program takes.</summary>
public sealed class DocumentTests
{
    // Where Orleans is not built in, 'sweep silo' has not these options.
    private static readonly string[] s_orleans = ["--address", "--silo-port", "--gateway-port"];

    [Fact]
    public void Links_OfEveryDocument_LeadToAFileAndAHeading()
    {
        Dictionary<string, HashSet<string>> anchors = Document.All.ToDictionary(document => document.Path, document => document.Anchors(), StringComparer.Ordinal);

        string[] broken = [.. Document.All.SelectMany(document => document.Links()
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(link => !Leads(document, link.Target, anchors))
            .Select(link => $"{document.Name}:{link.Number}: {link.Target}"))];

        Assert.Empty(broken);
        Assert.True(Document.All.Sum(document => document.Links().Count()) > 40);
    }

    [Fact]
    public void ShellExamples_OfEveryDocument_AreCommandLinesThatTheProgramTakes()
    {
        RootCommand root = SweepProgram.CreateRoot();
        (string Place, string[] Words)[] lines = [.. Document.All.SelectMany(document => document.ShellLines()
            .SelectMany(line => ShellLine.Sweeps(line.Text).Select(words => ($"{document.Name}:{line.Number}", Known(root, words)))))];

        string[] faults = [.. lines.Select(line => (line.Place, line.Words, Faults: SweepProgram.Faults(line.Words, root.Parse(line.Words)).ToArray()))
            .Where(line => line.Faults.Length > 0).Select(line => $"{line.Place}: sweep {string.Join(' ', line.Words)}: {string.Join(' ', line.Faults)}")];

        Assert.Empty(faults);
        Assert.True(lines.Length > 20);
    }

    [Fact]
    public void CommandsInTheText_OfEveryDocument_ExistWithTheirOptions()
    {
        RootCommand root = SweepProgram.CreateRoot();
        string[] global = [.. Names(root)];
        (string Place, string Text)[] spans = [.. Document.All.SelectMany(document => document.CodeSpans()
            .Where(span => span.Text.StartsWith("sweep ", StringComparison.Ordinal)).Select(span => ($"{document.Name}:{span.Number}", span.Text)))];

        string[] unknown = [.. spans.Where(span => !Exists(span.Text)).Select(span => $"{span.Place}: {span.Text}")];

        Assert.Empty(unknown);
        Assert.True(spans.Length > 100);

        bool Exists(string text)
        {
            string[] words = text.Split([' ', '(', ')', '[', ']', '|', ',', '=', '\''], StringSplitOptions.RemoveEmptyEntries);
            Command? command = words.Length > 1 ? root.Subcommands.FirstOrDefault(command => command.Name == words[1]) : null;
            return command is null
                ? words.Length > 1 && (global.Contains(words[1]) || words[1] == "COMMAND")
                : words.Skip(2).Where(word => word.StartsWith("--", StringComparison.Ordinal)).All(word => Names(command).Contains(word) || global.Contains(word) || s_orleans.Contains(word));
        }
    }

    private static IEnumerable<string> Names(Command command) => command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));

    /// <summary>The words without options that another build of the program has.</summary>
    private static string[] Known(RootCommand root, string[] words)
    {
        Command? command = root.Subcommands.FirstOrDefault(command => command.Name == words.FirstOrDefault());
        return command is null || Names(command).Any(s_orleans.Contains) ? words
            : [.. words.Where((word, index) => !s_orleans.Contains(word) && (index == 0 || !s_orleans.Contains(words[index - 1])))];
    }

    private static bool Leads(Document document, string target, Dictionary<string, HashSet<string>> anchors)
    {
        string[] parts = Uri.UnescapeDataString(target).Split('#', 2);
        string path = parts[0].Length == 0 ? document.Path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document.Path)!, parts[0]));
        return path.StartsWith(SharedData.Repository, StringComparison.Ordinal) && Path.Exists(path)
            && (parts.Length == 1 || !anchors.TryGetValue(path, out HashSet<string>? known) || known.Contains(parts[1]));
    }
}
