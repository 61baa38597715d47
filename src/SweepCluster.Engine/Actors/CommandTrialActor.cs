using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Actors;

/// <summary>Measures a plan by the user's own command: writes the model to a temporary folder, runs the command on it, reads the metrics that it prints.</summary>
internal sealed class CommandTrialActor(SweepSession session, CellShelf cells, ComputeThreads compute, string temporaryFolder, EarlierResults earlier)
{
    private const string FolderPlaceholder = "{folder}"; // stands for the temporary folder in a failure, which is to be the same wherever it happened

    /// <summary>Measures what nobody measured before by the same command line.</summary>
    internal async Task<JobResult> MeasureAsync(Job job, JobPayloads.Trial payload, CancellationToken cancellationToken)
    {
        SweepModel model = session.Model;
        ObjectiveSpec objective = session.Spec.Objective;
        foreach (RecordedResult found in await earlier.FindAsync(job, cancellationToken))
        {
            if (EngineJson.Read(found.Result.Payload!, EngineJson.Default.TrialResult).Metrics?.ContainsKey(objective.Metric) == true)
            {
                earlier.Note(job, 1);
                return found.Result;
            }
        }

        IReadOnlyDictionary<string, CompressedWeight> plan = await cells.TakeAsync(payload.Plan, cancellationToken);
        string folder = Path.Combine(temporaryFolder, Guid.NewGuid().ToString("N"));
        string path = Path.Combine(folder, Path.GetFileName(Path.TrimEndingDirectorySeparator(session.Spec.Model)));
        try
        {
            Directory.CreateDirectory(folder);
            (long sizeBytes, string weightsHash) = await compute.RunAsync(
                _ =>
                {
                    model.Format.Write(model.Graph, plan, model.Target, path);
                    return TrialActor.Describe(model, plan, TrialActor.Decode(plan));
                },
                cancellationToken);
            var metrics = await new CommandEvaluator(objective.Command, objective.Timeout, objective.Folder).MeasureAsync(path, cancellationToken);
            JobResults.Trial result = new(sizeBytes, weightsHash, null, metrics, null);
            return metrics.ContainsKey(objective.Metric)
                ? JobResult.Of(JsonSerializer.Serialize(result, EngineJson.Default.TrialResult))
                : JobResult.Failed(OneLine.Of($"{objective.Command[0]}: found the metrics {string.Join(", ", metrics.Keys)}, expected '{objective.Metric}' among them."));
        }
        catch (CommandFailedException failed)
        {
            return JobResult.Failed(JobFailures.Describe(failed)
                .Replace(path, CommandEvaluator.ModelPlaceholder, StringComparison.Ordinal)
                .Replace(folder, FolderPlaceholder, StringComparison.Ordinal));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
