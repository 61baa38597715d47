using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Feeds;

/// <summary>Notices when the list of sweeps or of silos reads otherwise, once for all who wait, and looks only while somebody does.</summary>
internal sealed class ListFeed
{
    private static readonly TimeSpan s_breath = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ISweepStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private readonly Lock _gate = new();
    private TaskCompletionSource<long> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private long _asked;
    private int _waiting;
    private bool _isClosed = true; // nobody looks, and who waits is told nothing

    /// <summary>Nobody waits yet.</summary>
    internal ListFeed(ISweepStore store, TimeProvider time, CancellationToken stop)
    {
        _store = store;
        _time = time;
        _stop = stop;
        _version = time.GetUtcNow().ToUnixTimeMilliseconds(); // greater than any that was given out before a restart
    }

    /// <summary>Completes when nobody waits any more, and is another one when somebody does again.</summary>
    internal Task Following { get; private set; } = Task.CompletedTask;

    /// <summary>Waits for a change since <paramref name="seen"/>.</summary>
    internal async Task<long> NextAsync(long seen, CancellationToken cancellationToken)
    {
        Task<long> next;
        lock (_gate)
        {
            _asked = _time.GetTimestamp();
            if (_isClosed)
            {
                _isClosed = false;
                _version++; // nobody looked until now
                Following = Task.Run(FollowAsync, CancellationToken.None);
            }

            if (_version != seen)
            {
                return _version;
            }

            _waiting++;
            next = _next.Task;
        }

        try
        {
            return await next.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                _asked = _time.GetTimestamp();
            }
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            int known = await LookAsync();
            Announce(); // who was told to look before may have read what was before this look
            for (long seen = 0; !HasNobody(); seen = await SweepWatch.ChangeAsync(_store, seen, _time, _stop))
            {
                int fingerprint = await LookAsync();
                if (fingerprint != known)
                {
                    known = fingerprint;
                    Announce();
                }

                await Task.Delay(s_breath, _time, _stop);
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _isClosed = true;
                _next.SetException(error);
                _ = _next.Task.Exception; // seen, whether or not somebody waits
                _next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private async Task<int> LookAsync()
    {
        HashCode read = new();
        foreach (SweepRecord sweep in await _store.ListSweepsAsync(_stop))
        {
            try
            {
                read.Add(sweep.Id);
                read.Add(await SweepWatch.ReadStatusAsync(_store, sweep, _stop));
            }
            catch (SweepStoppedException)
            {
                // Removed meanwhile, which the next look sees.
            }
        }

        foreach (SiloStatus silo in await _store.ListSilosAsync(_stop))
        {
            read.Add(silo.Silo);
            read.Add(silo.Leased);
        }

        return read.ToHashCode();
    }

    private void Announce()
    {
        TaskCompletionSource<long> next;
        long version;
        lock (_gate)
        {
            version = ++_version;
            (next, _next) = (_next, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        next.SetResult(version);
    }

    /// <summary>Whether nobody has asked for a while; then who asks next begins anew.</summary>
    private bool HasNobody()
    {
        lock (_gate)
        {
            return _isClosed = _waiting == 0 && _time.GetElapsedTime(_asked) >= s_patience;
        }
    }
}
