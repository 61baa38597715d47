using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Graphs;
using SweepCluster.Reports.Formatting;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages.Live;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>The list of sweeps, live.</summary>
/// <param name="index">The sweeps.</param>
/// <param name="feeds">How far each is.</param>
/// <param name="shelf">Parts that were rendered.</param>
/// <param name="search">What a sweep's name or id must hold; empty: anything.</param>
/// <param name="page">The page that is shown, from 1.</param>
internal sealed class SweepsView(SweepIndex index, ISweepFeeds feeds, RenderShelf shelf, string search, int page) : ILiveView
{
    /// <summary>Sweeps on a page.</summary>
    internal const int PageSize = 50;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300); // for progress that is still being read

    /// <inheritdoc/>
    public async Task<PageView> NextAsync(long seen, CancellationToken cancellationToken)
    {
        SweepIndexState state = await index.NextAsync(seen, cancellationToken);
        SweepListView view = await state.Lists.FindAsync(search, page, () => ListAsync(state), cancellationToken);
        PagePart part = await shelf.RenderAsync<SweepList>(view, "sweeps", "", () => new Dictionary<string, object?> { ["View"] = view });
        string title = view.Running == 0 ? "Sweeps" : $"{view.Running} running · Sweeps";
        return new PageView(state.Version, title, $"{Quantities.Count(view.Total, "sweep")}, {Quantities.Count(view.Running)} running", [part]);
    }

    private async Task<SweepListView> ListAsync(SweepIndexState state)
    {
        SweepListing[] found = [.. state.Sweeps.Where(Fits)];
        int pages = Math.Max(1, (found.Length + PageSize - 1) / PageSize), number = Math.Clamp(page, 1, pages);
        SweepRow[] rows = await Task.WhenAll(found.Skip((number - 1) * PageSize).Take(PageSize).Select(RowAsync));
        int running = state.Sweeps.Count(sweep => sweep.IsRunning);
        return new SweepListView([.. rows], number, pages, found.Length, state.Sweeps.Length, running, state.Silos.Length) { Search = search };
    }

    private bool Fits(SweepListing sweep) =>
        search.Length == 0 || sweep.Record.Name.Contains(search, StringComparison.OrdinalIgnoreCase) || sweep.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase);

    private async Task<SweepRow> RowAsync(SweepListing sweep) =>
        new(sweep, sweep.Status.Results == 0 ? null : await ProgressAsync(sweep), SweepMetric.Of(sweep.Record));

    // A list does not wait: what is not known yet comes with the next change.
    private async Task<SweepProgress?> ProgressAsync(SweepListing sweep)
    {
        if (index.Progress(sweep) is { } known)
        {
            return known;
        }

        try
        {
            SweepState state = await feeds.NextAsync(sweep.Id, 0, CancellationToken.None).WaitAsync(s_patience);
            index.Keep(sweep, state.Progress);
            return state.Progress;
        }
        catch (Exception error) when (error is TimeoutException or BadInputException or SweepStoppedException)
        {
            return null;
        }
    }
}
