using System.Collections.Immutable;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Clusters;

/// <summary>Runs jobs of whatever sweep they belong to.</summary>
internal sealed class SiloJobHost : IJobHost, IAsyncDisposable
{
    private readonly OpenSweeps _sweeps;
    private int _opened;

    /// <summary>A host.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blobs">Where files and cells are.</param>
    /// <param name="compute">Threads for arithmetic.</param>
    /// <param name="options">What this silo may do.</param>
    /// <param name="folder">Where sweeps' files are put.</param>
    /// <param name="notice">Told in one line what an operator should know.</param>
    internal SiloJobHost(ISweepStore store, IBlobStore blobs, ComputeThreads compute, SiloOptions options, string folder, Action<string> notice)
    {
        _sweeps = new OpenSweeps(
            store,
            async (sweep, cancellationToken) => await OpenedSweep.OpenAsync(sweep, store, blobs, compute, options, Path.Combine(folder, $"{sweep.Id}-{Interlocked.Increment(ref _opened)}"), cancellationToken),
            new SiloMemory(options.Slots, options.MemoryBytes), options.Time, notice, options.Loop.Log);
    }

    /// <inheritdoc/>
    public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        IOpenedSweep sweep = await _sweeps.EnterAsync(claim.SweepId, claim.Life, cancellationToken);
        try
        {
            return await sweep.Host.RunAsync(claim, cancellationToken);
        }
        finally
        {
            _sweeps.Leave(sweep);
        }
    }

    /// <inheritdoc cref="OpenSweeps.Open"/>
    internal ImmutableArray<OpenView> Open => [.. _sweeps.Open.Cast<OpenedSweep>().Select(static sweep => new OpenView(sweep.Session, sweep.Records))];

    /// <inheritdoc cref="OpenSweeps.Memory"/>
    internal (int Sweeps, long UsedBytes, long LimitBytes) Memory => _sweeps.Memory;

    /// <summary>Keeps a sweep open as long as somebody looks at it, whether or not a job of it runs here.</summary>
    /// <exception cref="SweepSetAsideException">This silo cannot open it.</exception>
    internal async Task LookAsync(string sweepId, Func<OpenedSweep, Task> look, CancellationToken cancellationToken)
    {
        IOpenedSweep sweep = await _sweeps.EnterAsync(sweepId, null, cancellationToken);
        try
        {
            await look((OpenedSweep)sweep);
        }
        finally
        {
            _sweeps.Leave(sweep);
        }
    }

    /// <summary>Closes every sweep. Not while a job runs.</summary>
    public ValueTask DisposeAsync() => _sweeps.DisposeAsync();
}
