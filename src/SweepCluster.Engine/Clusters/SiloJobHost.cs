using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Runs jobs of whatever sweep they belong to. A sweep is opened with its first job here, and closed when it is finished and another one is opened.</summary>
internal sealed class SiloJobHost : IJobHost, IAsyncDisposable
{
    private readonly ISweepStore _store;
    private readonly IBlobStore _blobs;
    private readonly ComputeThreads _compute;
    private readonly SiloOptions _options;
    private readonly string _folder;
    private readonly Action<string> _notice;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, Entry> _sweeps = new(StringComparer.Ordinal);

    /// <summary>A host.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blobs">Where files and cells are.</param>
    /// <param name="compute">Threads for arithmetic.</param>
    /// <param name="options">What this silo may do.</param>
    /// <param name="folder">Where sweeps' files are put.</param>
    /// <param name="notice">Told in one line what an operator should know.</param>
    internal SiloJobHost(ISweepStore store, IBlobStore blobs, ComputeThreads compute, SiloOptions options, string folder, Action<string> notice)
    {
        _store = store;
        _blobs = blobs;
        _compute = compute;
        _options = options;
        _folder = folder;
        _notice = notice;
    }

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        Entry entry = await EnterAsync(claim.SweepId, cancellationToken);
        try
        {
            return await entry.Sweep!.Host.RunAsync(claim, cancellationToken);
        }
        catch (Exception error) when (JobFailures.StopsItsSweep(claim.Job.Kind, error))
        {
            throw SetAside(claim.SweepId, error); // who started the sweep hears of it; the other sweeps go on
        }
        finally
        {
            Interlocked.Decrement(ref entry.Running);
        }
    }

    /// <summary>Keeps a sweep open as long as somebody looks at it, whether or not a job of it runs here.</summary>
    /// <exception cref="SweepSetAsideException">This silo cannot open it.</exception>
    internal async Task LookAsync(string sweepId, Func<OpenedSweep, Task> look, CancellationToken cancellationToken)
    {
        Entry entry = await EnterAsync(sweepId, cancellationToken);
        try
        {
            await look(entry.Sweep!);
        }
        finally
        {
            Interlocked.Decrement(ref entry.Running);
        }
    }

    /// <summary>Closes every sweep. Not while a job runs.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (Entry entry in _sweeps.Values)
        {
            entry.Sweep?.Dispose();
        }

        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private SweepSetAsideException SetAside(string sweepId, Exception error)
    {
        SweepSetAsideException setAside = new($"sweep {sweepId}: set aside on this silo until it is started again: {JobFailures.Describe(error)}", error);
        _notice(setAside.Message);
        return setAside;
    }

    private async Task<Entry> EnterAsync(string sweepId, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_sweeps.TryGetValue(sweepId, out Entry? entry))
            {
                await CloseFinishedAsync(cancellationToken);
                entry = _sweeps[sweepId] = await OpenAsync(sweepId, cancellationToken);
            }

            if (entry.Refusal is not null)
            {
                throw entry.Refusal;
            }

            Interlocked.Increment(ref entry.Running);
            return entry;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Entry> OpenAsync(string sweepId, CancellationToken cancellationToken)
    {
        SweepRecord sweep = (await _store.ListSweepsAsync(cancellationToken)).Single(sweep => sweep.Id == sweepId);
        try
        {
            string folder = Path.Combine(_folder, sweepId);
            OpenedSweep opened = await OpenedSweep.OpenAsync(sweep, _store, _blobs, _compute, _options, folder, cancellationToken);
            _notice($"sweep {sweepId}: working on '{sweep.Name}'");
            return new Entry(opened, null);
        }
        catch (Exception error) when (JobFailures.StopsItsSweep(JobKind.Coordinate, error))
        {
            return new Entry(null, SetAside(sweepId, error));
        }
    }

    private async Task CloseFinishedAsync(CancellationToken cancellationToken)
    {
        foreach ((string id, Entry entry) in _sweeps.ToArray())
        {
            if (entry.Sweep is not null && Volatile.Read(ref entry.Running) == 0 && (await _store.ReadStatusAsync(id, cancellationToken)).IsFinished)
            {
                _sweeps.Remove(id);
                entry.Sweep.Dispose();
            }
        }
    }

    /// <summary>A sweep, or why this silo cannot work on it.</summary>
    private sealed class Entry(OpenedSweep? sweep, SweepSetAsideException? refusal)
    {
        internal int Running;

        internal OpenedSweep? Sweep { get; } = sweep;

        internal SweepSetAsideException? Refusal { get; } = refusal;
    }
}
