using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Server.Feeds;

/// <summary>A sweep's model in a folder of the server's, opened, with what is recorded of the sweep. Needs no data. One caller at a time.</summary>
internal sealed class OpenedModel : IDisposable
{
    private readonly string _folder;
    private readonly SweepRecord _sweep;

    private OpenedModel(string folder, SweepRecord sweep, SweepModel model, SweepRecords records)
    {
        _folder = folder;
        _sweep = sweep;
        Model = model;
        Records = records;
    }

    /// <summary>The model.</summary>
    internal SweepModel Model { get; }

    /// <summary>What was recorded and read.</summary>
    internal SweepRecords Records { get; }

    /// <summary>Fetches a sweep's model and opens it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blobs">Its blobs.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="folder">An empty folder, which is removed when this is closed or cannot be opened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SweepException">The model is lost or cannot be read.</exception>
    internal static async Task<OpenedModel> OpenAsync(ISweepStore store, IBlobStore blobs, SweepRecord sweep, string folder, CancellationToken cancellationToken)
    {
        try
        {
            SweepSpec spec = await Bundles.UnpackAsync(sweep.Request, blobs, folder, Bundles.IsOfModel, cancellationToken);
            SweepModel model = await Task.Run(() => SweepModel.Open(spec), cancellationToken);
            return model.Hash == sweep.ModelHash ? new OpenedModel(folder, sweep, model, new SweepRecords(store, model, sweep.Id)) : throw new BadInputException(
                $"sweep {sweep.Id} '{sweep.Name}': found a model with the SHA-256 {model.Hash} in the store, expected {sweep.ModelHash}.");
        }
        catch
        {
            ServerFolder.Remove(folder);
            throw;
        }
    }

    /// <summary>What is recorded so far; null before the uncompressed model has been measured.</summary>
    internal async Task<SweepSummary?> SummarizeAsync(CancellationToken cancellationToken)
    {
        await Records.CatchUpAsync(cancellationToken);
        return Records.FindTrial(Plan.Baseline.Id, SampleRange.Choice) is { IsComplete: true } baseline && baseline.ToResult().Failure is null
            ? await Task.Run(() => SummaryFactory.Build(Model, _sweep, Records), cancellationToken)
            : null;
    }

    /// <summary>Removes its files.</summary>
    public void Dispose()
    {
        Records.Dispose();
        ServerFolder.Remove(_folder);
    }
}
