using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Reports.Components;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Html;

/// <summary>Renders the report's components to text.</summary>
public static partial class ReportHtml
{
    /// <summary>The whole report as one document that works offline: HTML that is well-formed XML as well.</summary>
    public static Task<string> RenderAsync(SweepSummary summary, CancellationToken cancellationToken) =>
        RenderAsync<ReportFile>(Parameters(summary), "<!DOCTYPE html>\n", cancellationToken);

    /// <summary>One component as a fragment, for pages that swap parts.</summary>
    /// <typeparam name="TComponent">A component with the parameter <c>Summary</c>.</typeparam>
    public static Task<string> RenderFragmentAsync<TComponent>(SweepSummary summary, CancellationToken cancellationToken)
        where TComponent : IComponent => RenderAsync<TComponent>(Parameters(summary), "", cancellationToken);

    /// <summary>One component as a fragment.</summary>
    /// <typeparam name="TComponent">The component.</typeparam>
    /// <param name="parameters">Its parameters by name.</param>
    /// <param name="cancellationToken">Gives up before it begins.</param>
    public static Task<string> RenderFragmentAsync<TComponent>(IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
        where TComponent : IComponent => RenderAsync<TComponent>(ParameterView.FromDictionary(parameters.ToDictionary()), "", cancellationToken);

    private static ParameterView Parameters(SweepSummary summary) => ParameterView.FromDictionary(new Dictionary<string, object?> { ["Summary"] = summary });

    private static async Task<string> RenderAsync<TComponent>(ParameterView parameters, string before, CancellationToken cancellationToken)
        where TComponent : IComponent
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        await using HtmlRenderer renderer = new(services, NullLoggerFactory.Instance);
        string text = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString());

        // Control characters may stand in names, but neither in HTML nor in XML, not even escaped.
        return before + ControlCharacters().Replace(text, "&#xFFFD;").ReplaceLineEndings("\n") + "\n";
    }

    [GeneratedRegex("&#x(?:[0-8BCEF]|1[0-9A-F]|7F|FFFE|FFFF);")]
    private static partial Regex ControlCharacters();
}
