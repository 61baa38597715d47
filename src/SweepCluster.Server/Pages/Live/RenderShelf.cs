using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using SweepCluster.Reports.Html;

namespace SweepCluster.Server.Pages.Live;

/// <summary>Parts that were rendered, kept as long as what they were rendered from: however many watch, each is rendered once.</summary>
internal sealed class RenderShelf
{
    private const int MostOfOne = 64; // somebody may ask for the same trials in endless orders

    private readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Lazy<Task<PagePart>>>> _rendered = [];

    /// <summary>A component as a part of a page.</summary>
    /// <typeparam name="TComponent">The component.</typeparam>
    /// <param name="source">The object that it shows; equal ones are told apart.</param>
    /// <param name="name">The part's name.</param>
    /// <param name="variant">What else it depends on.</param>
    /// <param name="parameters">The component's parameters.</param>
    internal Task<PagePart> RenderAsync<TComponent>(object source, string name, string variant, Func<IReadOnlyDictionary<string, object?>> parameters)
        where TComponent : IComponent
    {
        ConcurrentDictionary<string, Lazy<Task<PagePart>>> parts = _rendered.GetValue(source, static _ => new(StringComparer.Ordinal));
        string key = $"{name} {variant}";
        return parts.Count >= MostOfOne && !parts.ContainsKey(key)
            ? RenderAsync<TComponent>(name, parameters())
            : parts.GetOrAdd(key, _ => new Lazy<Task<PagePart>>(() => RenderAsync<TComponent>(name, parameters()))).Value;
    }

    private static async Task<PagePart> RenderAsync<TComponent>(string name, IReadOnlyDictionary<string, object?> parameters)
        where TComponent : IComponent => new(name, await ReportHtml.RenderFragmentAsync<TComponent>(parameters, CancellationToken.None));
}
