using System.Diagnostics;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Clusters;

/// <summary>A sweep that a silo works on: its files in a folder of the silo's, its session, its actors.</summary>
internal sealed class OpenedSweep : IOpenedSweep
{
    private readonly string _folder;
    private readonly SiloLog _log;
    private readonly Activity? _span;

    private OpenedSweep(string folder, SweepSession session, SweepRecords records, IJobHost host, SiloLog log, Activity? span)
    {
        _folder = folder;
        _log = log;
        _span = span;
        Session = session;
        Records = records;
        Host = host;
        Needs = MemoryNeeds.Of(session);
    }

    /// <summary>Its model, data and request.</summary>
    internal SweepSession Session { get; }

    /// <summary>What was recorded of it and read here.</summary>
    internal SweepRecords Records { get; }

    /// <inheritdoc/>
    public IJobHost Host { get; }

    /// <inheritdoc/>
    public SweepNeeds Needs { get; }

    /// <summary>Fetches a sweep's files and opens it.</summary>
    /// <exception cref="SweepException">This silo cannot work on it.</exception>
    internal static async Task<OpenedSweep> OpenAsync(
        SweepRecord sweep, ISweepStore store, IBlobStore blobs, ComputeThreads compute, SiloOptions options, string folder, CancellationToken cancellationToken)
    {
        string files = Path.Combine(folder, "files");
        Directory.CreateDirectory(files);
        SweepRecords? records = null;
        Activity? span = SweepTrace.Work(sweep, options.Name, Bundles.TraceOf(sweep.Request));
        try
        {
            SweepSpec spec = await Bundles.UnpackAsync(sweep.Request, blobs, files, cancellationToken);
            if (!spec.Objective.Command.IsEmpty && !options.AllowCommands)
            {
                throw new BadInputException($"found a sweep that measures by the command '{spec.Objective.Command[0]}', expected --allow-commands where silos may run one.");
            }

            SweepSession session = await Task.Run(() => SweepSession.Open(spec), cancellationToken);
            if (session.Record.Id != sweep.Id)
            {
                throw new BadInputException($"found files that make the sweep {session.Record.Id}, expected those of {sweep.Id}.");
            }

            MemoryNeeds.Check(session, options.Slots, options.MemoryBytes);
            records = new SweepRecords(store, session.Model, sweep.Id);
            LocalJobHost host = new(session, records, blobs, compute, Path.Combine(folder, "tmp"));
            return new OpenedSweep(folder, session, records, new TracedJobHost(host, span), options.Loop.Log, span);
        }
        catch
        {
            span?.Dispose();
            records?.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Removes its files.</summary>
    public void Dispose()
    {
        Records.Dispose();
        _span?.Dispose();
        _log.SweepClosed(Session.Record.Id, Session.Record.Name);
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It goes with the silo's own folder, and the sweep's next one has another name.
        }
    }
}
