using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Formats.Spills;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Runs;

/// <summary>Writes models of a sweep's trials. The cells' values come from the model and the blobs.</summary>
internal sealed class ModelExport(SweepModel model, SweepRecords records, IBlobStore blobs)
{
    /// <summary>Writes the model of one trial, reads it back and compares its weights with those that were measured, bit for bit.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Bytes of the written model, the report's size.</returns>
    /// <exception cref="BadInputException">The trial failed, or the path exists or cannot be written.</exception>
    /// <exception cref="ExportMismatchException">What was written is not what was measured; it was removed.</exception>
    internal async Task<long> WriteAsync(TrialSummary trial, string path, CancellationToken cancellationToken)
    {
        if (trial.Failure is not null || trial.WeightsHash.Length == 0)
        {
            throw new BadInputException($"trial {trial.Id} ({trial.Label}) failed: {trial.Failure}");
        }

        using ComputeThreads compute = new(1);
        CellShelf cells = new(model, records, blobs, new LayerActor(model, blobs, compute));
        Plan plan = records.FindTrial(trial.Id, SampleRange.Choice)!.Plan;
        using WeightSpill spill = new(path); // all cells together may be more than memory holds
        Dictionary<string, CompressedWeight> weights = new(StringComparer.Ordinal);
        foreach ((string layer, Scheme scheme) in plan.Schemes)
        {
            weights.Add(layer, spill.Keep(await cells.TakeAsync(model.Weights[layer], scheme, cancellationToken)));
        }

        IReadOnlyDictionary<string, CompressedWeight> complete = model.Format.Complete(model.Graph, weights, model.Target); // as it was measured
        return await compute.RunAsync(token => Write(trial, complete, path, token), cancellationToken);
    }

    private long Write(TrialSummary trial, IReadOnlyDictionary<string, CompressedWeight> weights, string path, CancellationToken cancellationToken)
    {
        model.Format.Write(model.Graph, weights, model.Target, path, cancellationToken);
        try
        {
            Graph written = model.Format.Read(path);
            string hash = WeightsHash.Of(written);
            long sizeBytes = ModelHash.SizeBytes(path);
            return hash == trial.WeightsHash && sizeBytes == trial.SizeBytes ? sizeBytes : throw new ExportMismatchException(
                $"{path}: found {sizeBytes} bytes and weights with the SHA-256 {hash}, expected {trial.SizeBytes} and {trial.WeightsHash} as measured; the file was removed.");
        }
        catch
        {
            Remove(path);
            throw;
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
