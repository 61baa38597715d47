using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Runs;

/// <summary>Runs a sweep in this process, on a journal in the result folder.</summary>
public static class SweepRunner
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5); // nobody else can take a job, so a machine under load should not lose one either

    /// <summary>Runs a sweep to its end, or goes on with one.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="options">Where, and on how many slots.</param>
    /// <param name="progress">Told of progress now and then; null: nobody is.</param>
    /// <param name="cancellationToken">Stops the sweep cleanly: what runs is given back, what is recorded stays, and the same call with <see cref="RunOptions.Resume"/> goes on.</param>
    /// <returns>The finished sweep, with its summary. Writing reports is the caller's.</returns>
    /// <exception cref="Graphs.BadInputException">Model, data or spec cannot be used, the folder holds another sweep or anything else, or the sweep cannot fit in memory. Nothing was written.</exception>
    /// <exception cref="BaselineFailedException">The uncompressed model could not be measured.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full, or cannot be written; what was recorded is kept.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<SweepResult> RunAsync(
        SweepSpec spec, RunOptions options, IProgress<SweepProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options));
        SweepFolder folder = new(options.ResultFolder);
        folder.CheckUsable();
        progress?.Report(new SweepProgress(SweepStage.Opening, 0, 0, 0, 0, null, null, 0));
        SweepSession session = await Task.Run(() => SweepSession.Open(spec), cancellationToken);
        await folder.AdmitAsync(session.Record, options.Resume, cancellationToken);
        MemoryNeeds.Check(session, options.Slots, options.MemoryBytes);
        ImmutableArray<SweepFolder> earlier = [.. options.Grow.Select(path => new SweepFolder(path)).Where(grown => grown.Path != folder.Path)];
        await using EarlierJournals journals = await EarlierJournals.OpenAsync(earlier);

        await using JournalStore journal = JournalStore.Open(folder.State, options.Time);
        ISweepStore store = GrownStore.Over(new MeteredStore(journal), journals);
        await store.AddSweepAsync(session.Record, SweepControl.Default, [SweepActor.FirstJob], cancellationToken);
        await Durably.WriteAsync(folder.Request, Encoding.UTF8.GetBytes(session.Record.Request), cancellationToken);
        using SweepRecords records = new(store, session.Model, session.Record.Id);
        await records.CatchUpAsync(cancellationToken);
        int found = records.Counts.Results;
        ProgressMeter meter = new(session, records, options.Time);
        FolderBlobStore blobs = new(folder.Blobs);
        blobs.RemoveUnfinished();
        JobLoopOptions loop = new() { Slots = options.Slots, Lease = s_lease };
        IBlobStore metered = new MeteredBlobStore(blobs), chain = earlier.IsEmpty ? metered : new ChainedBlobStore(metered, [.. earlier.Select(grown => new FolderBlobStore(grown.Blobs))]);
        long takenOver = await WorkAsync(session, folder, store, chain, records, meter, loop, options, progress, cancellationToken);

        await records.CatchUpAsync(cancellationToken);
        await TimingLog.PublishAsync(folder, cancellationToken);
        await BlobCollector.RunAsync(journal, session.Record.Id, blobs, cancellationToken);
        progress?.Report(meter.Measure(isFinished: true));
        return new SweepResult(
            folder.Path, SummaryFactory.Build(session.Model, session.Record, records), records.Counts.Results - found, found, meter.Elapsed)
        { TakenOver = takenOver };
    }

    /// <summary>Says what a sweep will be, from a small measurement on this machine; writes nothing.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="slots">Jobs that would run at the same time.</param>
    /// <param name="memoryBytes">Memory that the sweep may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <exception cref="Graphs.BadInputException">Model, data or spec cannot be used, or the sweep cannot fit in memory.</exception>
    public static Task<SweepForecast> ForecastAsync(
        SweepSpec spec, int slots, long memoryBytes, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                SweepSession session = SweepSession.Open(spec);
                MemoryNeeds.Check(session, slots, memoryBytes);
                return new Forecaster(session, slots, time).Forecast(cancellationToken);
            },
            cancellationToken);

    /// <summary>Works on one sweep until it is finished.</summary>
    /// <returns>How many measurements the jobs that ran here took over from earlier sweeps.</returns>
    internal static async Task<long> WorkAsync(
        SweepSession session, SweepFolder folder, ISweepStore store, IBlobStore blobs, SweepRecords records, ProgressMeter meter, JobLoopOptions loop, RunOptions options,
        IProgress<SweepProgress>? progress, CancellationToken cancellationToken)
    {
        folder.RemoveTemporary();
        using ComputeThreads compute = new(loop.Slots);
        using TimingLog timings = new(folder.TimingLog, options.Time);
        await using SweepTeller teller = new(store, () => [new OpenView(session, records)], options.Time, loop.Log);
        long slotsBytes = MemoryNeeds.Of(session).BytesOn(loop.Slots) - MemoryNeeds.ProgramBytes;
        using IDisposable memory = SiloGauges.ShowMemory(() => (1, slotsBytes, options.MemoryBytes - MemoryNeeds.ProgramBytes)), disk = SiloGauges.ShowDisk("store", folder.Path);
        using Activity? span = SweepTrace.Work(session.Record, loop.Silo, null);
        TracedJobHost host = new(new LocalJobHost(session, records, blobs, compute, folder.Temporary), span);
        using CancellationTokenSource done = new();
        long takenOver = 0;
        Task reporting = progress is null ? Task.CompletedTask : meter.ReportAsync(progress, options.ProgressPeriod, done.Token);
        try
        {
            await new JobLoop(store, host, loop with { Folder = folder.Temporary }, options.Time, Note).RunAsync(session.Record.Id, cancellationToken);
            return takenOver;
        }
        finally
        {
            await done.CancelAsync();
            await reporting;
        }

        void Note(FinishedJob job)
        {
            teller.Finish(job);
            Interlocked.Add(ref takenOver, job.TakenOver);
            timings.Add(job);
        }
    }
}
