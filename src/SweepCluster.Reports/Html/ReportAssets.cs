using System.Reflection;
using SweepCluster.Reports.Heat;

namespace SweepCluster.Reports.Html;

/// <summary>The style sheet and the script that the components need, as text and as elements.</summary>
/// <remarks>The elements wrap their text as CDATA behind comments, so that a page with them is HTML and well-formed XML at once.</remarks>
public static class ReportAssets
{
    /// <summary>The style sheet, with the heat map's colours.</summary>
    public static string StyleSheet { get; } = Read("report.css") + HeatScale.Css();

    /// <summary>The script: tooltips, selection, sorting, filters, copying and the choice of colours. Everything can be read without it.</summary>
    public static string ScriptText { get; } = Read("report.js");

    /// <summary>The style sheet as an element.</summary>
    public static string Style { get; } = $"<style>/*<![CDATA[*/\n{StyleSheet}/*]]>*/</style>";

    /// <summary>The script as an element.</summary>
    public static string Script { get; } = $"<script>//<![CDATA[\n{ScriptText}//]]></script>";

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
