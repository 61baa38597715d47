using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Reports.Formatting;
using SweepCluster.Server.Pages.Live;

namespace SweepCluster.Server.Pages.Events;

/// <summary>Events of all sweeps, live.</summary>
/// <param name="tail">The events.</param>
/// <param name="shelf">Parts that were rendered.</param>
/// <param name="page">The page that is shown, from 1.</param>
internal sealed class EventsView(EventTail tail, RenderShelf shelf, int page) : ILiveView
{
    /// <summary>Events on a page.</summary>
    internal const int PageSize = 100;

    private long _number;

    /// <summary>Events that are kept.</summary>
    internal int Found { get; private set; }

    /// <inheritdoc/>
    public async Task<PageView> NextAsync(long seen, CancellationToken cancellationToken)
    {
        EventPage all = await tail.ReadAsync(cancellationToken);
        Found = all.Entries.Length;
        ImmutableArray<StoreEvent> shown = [.. all.Entries.Skip((page - 1) * PageSize).Take(PageSize)];
        PagePart part = await shelf.RenderAsync<EventList>(
            all, "events", page.ToString(System.Globalization.CultureInfo.InvariantCulture), () => new Dictionary<string, object?> { ["Entries"] = shown, ["WithSweeps"] = true });
        return new PageView(++_number, "Events", Quantities.Count(all.Entries.Length, "event"), [part]) { Pause = TimeSpan.FromSeconds(2) };
    }
}
