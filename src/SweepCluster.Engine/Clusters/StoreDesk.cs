using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Clusters;

/// <summary>The desk of a shared store, for who can reach it.</summary>
public sealed class StoreDesk : ISweepDesk
{
    private const int PageSize = 1000;

    private readonly ISweepStore _store;
    private readonly IBlobStore _blobs;
    private readonly TimeProvider _time;
    private PostgresDatabase? _owned;

    /// <summary>A desk on a store that somebody else opened and closes.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blobs">Its blobs.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="time">The clock, for pauses and progress.</param>
    public StoreDesk(ISweepStore store, IBlobStore blobs, string place, TimeProvider time)
    {
        _store = store;
        _blobs = blobs;
        _time = time;
        Place = place;
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <summary>Connects to a PostgreSQL database.</summary>
    /// <param name="address">A connection string, as <c>Host=db;Username=sweep;Password=..;Database=sweep</c>.</param>
    /// <param name="time">The clock, for pauses and progress.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The store cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public static async Task<StoreDesk> OpenAsync(string address, TimeProvider time, CancellationToken cancellationToken)
    {
        PostgresDatabase database = await PostgresDatabase.OpenAsync(address, time, cancellationToken);
        return new StoreDesk(new PostgresStore(database, time), new PostgresBlobStore(database), database.Place, time) { _owned = database };
    }

    /// <inheritdoc/>
    public async Task<Submission> SubmitAsync(SweepSpec spec, SweepControl control, CancellationToken cancellationToken) =>
        await SubmitAsync(await Task.Run(() => SweepSession.Open(spec), cancellationToken), control, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<SweepListing>> ListAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<SweepListing>.Builder listed = ImmutableArray.CreateBuilder<SweepListing>();
        foreach (SweepRecord sweep in await _store.ListSweepsAsync(cancellationToken))
        {
            try
            {
                listed.Add(new SweepListing(sweep, await SweepWatch.ReadStatusAsync(_store, sweep, cancellationToken)));
            }
            catch (SweepStoppedException)
            {
                // Somebody removed it meanwhile.
            }
        }

        return await Standstill.TellAsync(_store, listed.ToImmutable(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SweepListing> FindAsync(string? text, CancellationToken cancellationToken)
    {
        if (text is null)
        {
            return SweepLookup.Find(null, await ListAsync(cancellationToken), Place);
        }

        SweepRecord found = SweepLookup.Find(text, await _store.ListSweepsAsync(cancellationToken), Place);
        return new SweepListing(found, await SweepWatch.ReadStatusAsync(_store, found, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task WatchAsync(string sweepId, IProgress<SweepProgress> progress, CancellationToken cancellationToken) =>
        await SweepWatch.FollowAsync(_store, (await FindAsync(sweepId, cancellationToken)).Record, progress, _time, cancellationToken);

    /// <inheritdoc/>
    public async Task<SweepControl> ChangeAsync(string sweepId, SweepChange change, CancellationToken cancellationToken)
    {
        SweepListing sweep = await FindAsync(sweepId, cancellationToken);
        if (sweep.Status.IsFinished)
        {
            throw new WrongPhaseException($"{sweep}: found it finished, expected one that goes on.");
        }

        try
        {
            return await _store.ChangeAsync(
                sweep.Id,
                control => (control.Phase, change.Phase) switch
                {
                    (SweepPhase.Cancelled or SweepPhase.Stopped, SweepPhase.Paused) => throw new WrongPhaseException(
                        $"{sweep}: found it {SweepListing.NameOf(control.Phase)}, expected a running one; 'sweep resume {sweep.Id}' makes it run again."),
                    _ => change.ApplyTo(control),
                },
                cancellationToken);
        }
        catch (ArgumentException)
        {
            throw new SweepStoppedException($"{sweep}: somebody removed it from the store.");
        }
    }

    /// <inheritdoc/>
    public async Task<long> RemoveAsync(string sweepId, CancellationToken cancellationToken)
    {
        SweepListing sweep = await FindAsync(sweepId, cancellationToken);
        if (sweep.IsRunning)
        {
            throw new WrongPhaseException($"{sweep}: found it running with {sweep.Status.Results} of {sweep.Status.Jobs} jobs done, expected one that is finished, paused or cancelled.");
        }

        await _store.RemoveSweepAsync(sweep.Id, cancellationToken);
        return await BlobCollector.RunAsync(_store, _blobs, BlobCollector.UsualAge, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SweepSummary> FetchAsync(string sweepId, string folder, bool withData, CancellationToken cancellationToken)
    {
        SweepListing sweep = await FindAsync(sweepId, cancellationToken);
        return sweep.Status.IsFinished ? await SweepHome.BringAsync(_store, _blobs, sweep.Record, folder, withData, _time, cancellationToken) : throw NotFinished(sweep);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) => _store.ListSilosAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Admission>> AdmitAsync(SweepNeeds needs, CancellationToken cancellationToken) =>
        Admission.Of(needs, SweepModel.Version, await _store.ListSilosAsync(cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreEvent> ReadEventsAsync(string? sweepId, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long read = 0, seen = 0; ;)
        {
            ImmutableArray<StoreEvent> page = await _store.ReadEventsAsync(sweepId, read, PageSize, cancellationToken);
            foreach (StoreEvent entry in page)
            {
                yield return entry;
                read = entry.Number;
            }

            if (page.IsEmpty)
            {
                if (!follow)
                {
                    yield break;
                }

                seen = await SweepWatch.ChangeAsync(_store, seen, _time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_owned is not null)
        {
            await _store.DisposeAsync();
            await _owned.DisposeAsync();
        }
    }

    /// <summary>What is said where only a finished sweep will do.</summary>
    internal static WrongPhaseException NotFinished(SweepListing sweep) => new(
        $"{sweep}: found it {sweep.Phase} with {sweep.Status.Results} of {sweep.Status.Jobs} jobs done, expected a finished one; 'sweep watch {sweep.Id} --out DIR' waits for it.");

    /// <summary>Hands in an opened sweep.</summary>
    internal async Task<Submission> SubmitAsync(SweepSession session, SweepControl control, CancellationToken cancellationToken)
    {
        SweepRecord sweep = session.Record with { Needs = MemoryNeeds.Of(session) };
        using Activity? span = SweepTrace.Submit(sweep);
        bool isDone = (await _store.ListSweepsAsync(cancellationToken)).Any(held => held.Id == sweep.Id)
            && (await SweepWatch.ReadStatusAsync(_store, sweep, cancellationToken)).IsFinished;
        string request = await Bundles.PackAsync(session.Spec, _blobs, cancellationToken); // before the sweep: a silo that finds it finds its files; of a finished one what the store lost
        bool isNew = !isDone && await _store.AddSweepAsync(sweep with { Request = request }, control, [SweepActor.FirstJob], cancellationToken);
        SweepListing listing = new(sweep, await SweepWatch.ReadStatusAsync(_store, sweep, cancellationToken));
        return new Submission(listing, isNew, isDone ? [] : Admission.Notices(await AdmitAsync(sweep.Needs, cancellationToken)));
    }
}
