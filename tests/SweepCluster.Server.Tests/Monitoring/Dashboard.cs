using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A dashboard of the repository.</summary>
internal sealed class Dashboard
{
    /// <summary>What every panel, query and variable must name, so that the person who looks chooses the Prometheus.</summary>
    internal const string DatasourceVariable = "${datasource}";

    private Dashboard(string file)
    {
        File = Path.GetFileName(file);
        Json = JsonDocument.Parse(System.IO.File.ReadAllText(file)).RootElement;
        Panels = [.. Json.GetProperty("panels").EnumerateArray().Select(panel => new DashboardPanel(panel))];
    }

    /// <summary>All of them.</summary>
    internal static ImmutableArray<Dashboard> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(SharedData.Repository, "dashboards"), "*.json").Order(StringComparer.Ordinal).Select(file => new Dashboard(file))];

    /// <summary>Name of its file.</summary>
    internal string File { get; }

    /// <summary>The whole of it.</summary>
    internal JsonElement Json { get; }

    /// <summary>Its panels, rows among them.</summary>
    internal ImmutableArray<DashboardPanel> Panels { get; }

    /// <summary>Its variables that ask Prometheus: their name and query.</summary>
    internal IEnumerable<(string Name, JsonElement Json)> QueryVariables => Json.GetProperty("templating").GetProperty("list").EnumerateArray()
        .Where(variable => variable.GetProperty("type").GetString() == "query")
        .Select(variable => (variable.GetProperty("name").GetString()!, variable));

    /// <summary>Its annotations that ask Prometheus.</summary>
    internal IEnumerable<(string Name, string Expression)> Annotations => Json.GetProperty("annotations").GetProperty("list").EnumerateArray()
        .Where(annotation => annotation.TryGetProperty("expr", out _))
        .Select(annotation => (annotation.GetProperty("name").GetString()!, annotation.GetProperty("expr").GetString()!));

    /// <summary>Every expression that it asks Prometheus, with its place.</summary>
    internal IEnumerable<(string Place, string Expression)> Expressions =>
    [
        .. Panels.SelectMany(panel => panel.Queries.Select(query => ($"{File}: {panel.Title}: {query.RefId}", query.Expression))),
        .. Annotations.Select(annotation => ($"{File}: annotation {annotation.Name}", annotation.Expression)),
    ];

    /// <summary>Finds one by the name of its file.</summary>
    internal static Dashboard Of(string file) => All.Single(dashboard => dashboard.File == file);
}
