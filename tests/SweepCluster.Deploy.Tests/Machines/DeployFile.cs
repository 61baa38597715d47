using System.Text.RegularExpressions;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>A file under <c>deploy</c>, read as the program that it is for reads it, as far as the tests need it.</summary>
internal static partial class DeployFile
{
    /// <summary>The repository's folder.</summary>
    internal static string Root => SharedData.Repository;

    internal static string Read(string name) => File.ReadAllText(Path.Combine(Root, "deploy", name));

    /// <summary>The text with every <c>${NAME:-default}</c> as it is where nothing is set.</summary>
    internal static string WithDefaults(string text) => Variable().Replace(text, match => match.Groups["default"].Value);

    /// <summary>Each variable of a text, with its default.</summary>
    internal static IEnumerable<(string Name, string Default)> Variables(string text) => Variable().Matches(text).Select(match => (match.Groups["name"].Value, match.Groups["default"].Value));

    /// <summary>The lines <c>KEY=VALUE</c> of a unit or of its environment, quotes taken off.</summary>
    internal static ILookup<string, string> Settings(string text) => text.Split('\n')
        .Where(line => !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split('=', 2))
        .ToLookup(pair => pair[0], pair => pair[1].Trim('"'));

    /// <summary>The words of a <c>JSON</c> array of a Dockerfile's instruction.</summary>
    internal static string[] Words(string dockerfile, string instruction) =>
        System.Text.Json.JsonSerializer.Deserialize<string[]>(Regex.Match(dockerfile, $@"^{instruction}\b[^\[\n]*(\[.*\])$", RegexOptions.Multiline).Groups[1].Value)!;

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+):-(?<default>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
