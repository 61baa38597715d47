using System.Diagnostics;
using System.Text;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Runs a sweep through a shared store: hands it in, takes part in the work, waits for its end and brings it home.</summary>
public static class ClusterRunner
{
    /// <summary>Runs a sweep to its end, together with every silo of the store. Called again, it goes on with the same sweep, on whatever machine.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="options">Where the result goes. The folder receives a copy of the sweep's journal, as if it had run here alone.</param>
    /// <param name="silo">The store, and how this process takes part.</param>
    /// <param name="progress">Told of progress now and then; null: nobody is.</param>
    /// <param name="cancellationToken">Stops this process's part; the sweep stays in the store, where silos go on with it.</param>
    /// <exception cref="Graphs.BadInputException">As <see cref="SweepRunner.RunAsync"/>, or the store cannot be used.</exception>
    /// <exception cref="BaselineFailedException">The uncompressed model could not be measured.</exception>
    /// <exception cref="SweepStoppedException">Somebody cancelled or removed it, or it was stopped.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or was away for longer than two minutes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<SweepResult> RunAsync(
        SweepSpec spec, RunOptions options, SiloOptions silo, IProgress<SweepProgress>? progress, CancellationToken cancellationToken)
    {
        SweepFolder folder = new(options.ResultFolder);
        folder.CheckUsable();
        SweepSession session = await Task.Run(() => SweepSession.Open(spec), cancellationToken);
        await folder.AdmitAsync(session.Record, options.Resume, cancellationToken);
        MemoryNeeds.Check(session, options.Slots, options.MemoryBytes);

        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(silo.Store, silo.Time, cancellationToken);
        await using PostgresStore store = new(database, silo.Time);
        CachedBlobStore blobs = new(new MeteredBlobStore(new PostgresBlobStore(database)), silo.Cache, silo.CacheBytes, silo.Time);
        await using StoreDesk desk = new(store, blobs, database.Place, silo.Time);
        using Activity? span = SweepTrace.Begin(session.Record); // of it all: what is handed in here is worked on here, too
        await desk.SubmitAsync(session, options.Control, cancellationToken);
        await using JournalStore journal = JournalStore.Open(folder.State, options.Time); // from here on nobody else uses the folder
        await Durably.WriteAsync(folder.Request, Encoding.UTF8.GetBytes(session.Record.Request), cancellationToken);
        using SweepRecords records = new(store, session.Model, session.Record.Id);
        await records.CatchUpAsync(cancellationToken);
        int found = records.Counts.Results;
        ProgressMeter meter = new(session, records, options.Time);
        long takenOver = await UntilItEndsAsync(
            store, session.Record, silo.Time, token => SweepRunner.WorkAsync(session, folder, new MeteredStore(store), blobs, records, meter, silo.Loop, options, progress, token), cancellationToken);

        await records.CatchUpAsync(cancellationToken);
        await JournalCopy.CopyAsync(store, journal, session.Record, cancellationToken);
        await TimingLog.PublishAsync(store, session.Record.Id, folder, cancellationToken);
        progress?.Report(meter.Measure(isFinished: true));
        return new SweepResult(
            folder.Path, SummaryFactory.Build(session.Model, session.Record, records), records.Counts.Results - found, found, meter.Elapsed)
        { TakenOver = takenOver };
    }

    /// <summary>Works until the sweep ends, for whatever reason.</summary>
    private static async Task<long> UntilItEndsAsync(
        PostgresStore store, SweepRecord sweep, TimeProvider time, Func<CancellationToken, Task<long>> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = SweepWatch.WaitAsync(store, sweep, time, stop.Token);
        Task<long> working = work(stop.Token);
        if (await Task.WhenAny(ended, working) == ended && ended.IsFaulted)
        {
            await stop.CancelAsync();
            await working.ContinueWith(static _ => { }, TaskScheduler.Default);
            await ended; // says why
        }

        try
        {
            return await working;
        }
        catch (SweepStoppedException)
        {
            await ended; // says it in full
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await ended.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
