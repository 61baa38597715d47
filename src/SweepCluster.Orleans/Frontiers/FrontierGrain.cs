using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Placement;

namespace SweepCluster.Orleans.Frontiers;

/// <inheritdoc cref="IFrontierGrain"/>
[PreferLocalPlacement, Reentrant]
internal sealed class FrontierGrain(FrontierFeeds feeds) : Grain, IFrontierGrain
{
    private FrontierFeed? _feed;
    private int _watchers;

    /// <inheritdoc/>
    public async IAsyncEnumerable<FrontierView> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_feed is not { HasEnded: false })
        {
            _feed = feeds.Open(this.GetPrimaryKeyString());
        }

        FrontierFeed feed = _feed;
        _watchers++;
        try
        {
            FrontierView? last = null;
            while (last is not { IsOver: true })
            {
                yield return last = await feed.NextAsync(last, cancellationToken);
            }
        }
        finally
        {
            if (--_watchers == 0)
            {
                _feed = null;
                await feed.DisposeAsync(); // nobody watches: the fold is begun anew when somebody does
            }
        }
    }
}
