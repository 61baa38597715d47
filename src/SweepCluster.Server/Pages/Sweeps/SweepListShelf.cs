using System.Collections.Concurrent;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>Pages of the list of sweeps at one moment: however many look, each is made once. Thread-safe.</summary>
internal sealed class SweepListShelf
{
    private const int MostKept = 64; // somebody may search for endless words

    private readonly ConcurrentDictionary<(string Search, int Page), Lazy<Task<SweepListView>>> _lists = [];

    /// <summary>A page of the list.</summary>
    /// <param name="search">What was searched for.</param>
    /// <param name="page">The page that was asked for.</param>
    /// <param name="make">Makes it; nobody's leaving stops it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async Task<SweepListView> FindAsync(string search, int page, Func<Task<SweepListView>> make, CancellationToken cancellationToken)
    {
        (string, int) key = (search, page);
        if (_lists.Count >= MostKept && !_lists.ContainsKey(key))
        {
            return await make().WaitAsync(cancellationToken);
        }

        Lazy<Task<SweepListView>> list = _lists.GetOrAdd(key, _ => new Lazy<Task<SweepListView>>(make));
        try
        {
            SweepListView view = await list.Value.WaitAsync(cancellationToken);
            if (view.Rows.Any(static row => row.Progress is null && row.Listing.Status.Results > 0))
            {
                _lists.TryRemove(new(key, list)); // who comes next may find what was still being read
            }

            return view;
        }
        catch when (list.Value.IsFaulted)
        {
            _lists.TryRemove(new(key, list));
            throw;
        }
    }
}
