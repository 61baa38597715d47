namespace SweepCluster.Server.Pages.Live;

/// <summary>A page that changes while it is open.</summary>
internal interface ILiveView
{
    /// <summary>The present view, or where <paramref name="seen"/> is that one, the next; now and then the same again, for what only time changes.</summary>
    /// <param name="seen"><see cref="PageView.Version"/> of the view that is known; 0: none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<PageView> NextAsync(long seen, CancellationToken cancellationToken);
}
