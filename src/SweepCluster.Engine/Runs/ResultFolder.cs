using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Runs;

/// <summary>A finished sweep on disk: what it asked for, what it found, and the cells that its plans are made of. Reads only; the cells' values come from the model and the blobs.</summary>
public sealed class ResultFolder
{
    private readonly SweepFolder _folder;
    private readonly SweepModel _model;
    private readonly SweepRecords _records;

    private ResultFolder(SweepFolder folder, SweepModel model, SweepRecord sweep, SweepRecords records)
    {
        _folder = folder;
        _model = model;
        _records = records;
        Summary = SummaryFactory.Build(model, sweep, records);
    }

    /// <summary>The folder, absolute.</summary>
    public string Path => _folder.Path;

    /// <summary>The request.</summary>
    public SweepSpec Spec => _model.Spec;

    /// <summary>What a report shows, made again from the journal.</summary>
    public SweepSummary Summary { get; }

    /// <summary>Reads a finished sweep back.</summary>
    /// <exception cref="BadInputException">The folder holds no sweep, an unfinished one, or a journal that cannot be read, or the model is gone or another one now; says which.</exception>
    public static async Task<ResultFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        SweepFolder folder = new(path);
        if (!folder.HasJournal)
        {
            throw new BadInputException($"{folder.Path}: found no sweep, expected the result folder of one.");
        }

        await using JournalStore store = JournalStore.OpenReadOnly(folder.State);
        SweepRecord sweep = (await store.ListSweepsAsync(cancellationToken)).FirstOrDefault()
            ?? throw new BadInputException($"{folder.Path}: found an empty journal, expected a finished sweep.");
        SweepStatus status = await store.ReadStatusAsync(sweep.Id, cancellationToken);
        if (!status.IsFinished)
        {
            throw new BadInputException(
                $"{folder.Path}: found the sweep '{sweep.Name}' with {status.Results} of {status.Jobs} jobs recorded, expected a finished one; run it again with --resume.");
        }

        SweepSpec spec = EngineJson.Read(
            File.Exists(folder.Request) ? await File.ReadAllTextAsync(folder.Request, cancellationToken) : sweep.Request, EngineJson.Default.SweepSpec);
        spec = folder.Place(spec);
        if (!File.Exists(spec.Model) && !Directory.Exists(spec.Model))
        {
            throw new BadInputException(
                $"{spec.Model}: found nothing there, expected the model that the sweep in {folder.Path} measured; where it was moved, run the sweep again with --resume and the new path.");
        }

        SweepModel model = SweepModel.Open(spec);
        if (model.Hash != sweep.ModelHash)
        {
            throw new BadInputException(
                $"{model.Spec.Model}: found a model with the SHA-256 {model.Hash}, expected {sweep.ModelHash}, the one that the sweep in {folder.Path} measured.");
        }

        SweepRecords records = new(store, model, sweep.Id);
        await records.CatchUpAsync(cancellationToken);
        return new ResultFolder(folder, model, sweep, records);
    }

    /// <summary>Writes the model of one trial, reads it back and compares its weights with those that were measured, bit for bit.</summary>
    /// <param name="trialId">The plan's id, or enough of its first digits to tell it from the others.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Bytes of the written model, the report's size.</returns>
    /// <exception cref="BadInputException">No such trial, a failed one, or the path exists or cannot be written.</exception>
    /// <exception cref="ExportMismatchException">What was written is not what was measured; it was removed.</exception>
    public Task<long> ExportAsync(string trialId, string path, CancellationToken cancellationToken) =>
        new ModelExport(_model, _records, new FolderBlobStore(_folder.Blobs)).WriteAsync(Find(trialId), path, cancellationToken);

    private TrialSummary Find(string trialId)
    {
        TrialSummary[] matches = [.. Summary.Trials.Append(Summary.Baseline).Where(trial => trial.Id.StartsWith(trialId, StringComparison.Ordinal))];
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw new BadInputException($"{Path}: found no trial '{trialId}', expected one of {Summary.Trials.Length}, as {Summary.Trials.FirstOrDefault()?.Id}."),
            _ => throw new BadInputException($"{Path}: found {matches.Length} trials that begin with '{trialId}', expected more digits."),
        };
    }
}
