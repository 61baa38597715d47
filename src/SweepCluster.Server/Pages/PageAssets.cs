using System.Reflection;
using SweepCluster.Reports.Html;

namespace SweepCluster.Server.Pages;

/// <summary>The files that every page needs. A file's name holds the hash of its content, so a browser may keep it for ever.</summary>
internal static class PageAssets
{
    /// <summary>The report's style sheet and the pages' own.</summary>
    internal static PageAsset Style { get; } = new("pages", "css", "text/css; charset=utf-8", ReportAssets.StyleSheet + Read("pages.css"));

    /// <summary>The report's script and the pages' own.</summary>
    internal static PageAsset Script { get; } = new("pages", "js", "text/javascript; charset=utf-8", ReportAssets.ScriptText + Read("live.js"));

    /// <summary>The icon.</summary>
    internal static PageAsset Icon { get; } = new("icon", "svg", "image/svg+xml", Read("icon.svg"));

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<PageAsset> All { get; } = [Style, Script, Icon];

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
