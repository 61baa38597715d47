using System.CommandLine;

namespace SweepCluster.Cli.Commands;

/// <summary>The option <c>--format</c> that every command with data has.</summary>
internal static class FormatOption
{
    internal static Option<string> Create()
    {
        Option<string> option = new("--format") { Description = "text for people, json for scripts.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    internal static bool IsJson(this ParseResult input, Option<string> option) => input.GetValue(option) == "json";
}
