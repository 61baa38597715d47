using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Actors;

/// <summary>Probes a layer: each of its cells alone in the uncompressed model, all in one pass over the samples, what stands before the layer computed once.</summary>
internal sealed class ProbeActor(SweepSession session, CellShelf cells, ReferenceOutputs references, ModelRunner runner, ComputeThreads compute, EarlierResults earlier)
{
    /// <summary>Measures what nobody measured before. A scheme that fails does so alone.</summary>
    internal async Task<JobResult> MeasureAsync(Job job, JobPayloads.Probe payload, CancellationToken cancellationToken)
    {
        Weight weight = session.Model.Weights[payload.Layer];
        JobResults.ProbedCell?[] results = await FindAsync(job, payload, cancellationToken);
        bool[] takenOver = [.. results.Select(cell => cell is not null)];
        earlier.Note(job, takenOver.Count(taken => taken));
        CompressedWeight?[] found = new CompressedWeight?[payload.Schemes.Length];
        for (int i = 0; i < found.Length; i++)
        {
            try
            {
                found[i] = results[i] is null ? await cells.TakeAsync(weight, SchemeText.Parse(payload.Schemes[i]), cancellationToken) : null;
            }
            catch (CellFailedException failed)
            {
                results[i] = new JobResults.ProbedCell(null, failed.Message);
            }
        }

        if (Array.Exists(results, cell => cell is null))
        {
            float[] reference = await references.TakeAsync(SampleRange.Choice, payload.Start, payload.Count, cancellationToken);
            await compute.RunAsync(
                token =>
                {
                    Measure(payload, weight, found, reference, results, token);
                    return true;
                },
                cancellationToken);
        }

        for (int i = 0; i < results.Length; i++)
        {
            WorkMetrics.Probe(payload.Schemes[i], takenOver[i] ? WorkMetrics.TakenOver : results[i]!.Failure is null ? WorkMetrics.Measured : WorkMetrics.Failed);
        }

        JobResults.Probe result = new([.. results.Select(cell => cell!)]);
        return JobResult.Of(JsonSerializer.Serialize(result, EngineJson.Default.ProbeResult));
    }

    /// <summary>Cells of the layer that earlier jobs measured on the same samples, in the order of the job's schemes.</summary>
    private async Task<JobResults.ProbedCell?[]> FindAsync(Job job, JobPayloads.Probe payload, CancellationToken cancellationToken)
    {
        Dictionary<string, JobResults.ProbedCell> found = new(StringComparer.Ordinal);
        foreach (RecordedResult result in await earlier.FindAsync(job, cancellationToken))
        {
            ImmutableArray<string> schemes = EngineJson.Read(result.Job.Payload, EngineJson.Default.ProbePayload).Schemes;
            ImmutableArray<JobResults.ProbedCell> probed = EngineJson.Read(result.Result.Payload!, EngineJson.Default.ProbeResult).Cells;
            for (int i = 0; i < schemes.Length; i++)
            {
                if (probed[i].Tally is not null)
                {
                    found[schemes[i]] = probed[i];
                }
            }
        }

        return [.. payload.Schemes.Select(scheme => found.GetValueOrDefault(scheme))];
    }

    private void Measure(
        JobPayloads.Probe payload, Weight weight, CompressedWeight?[] found, float[] reference, JobResults.ProbedCell?[] results, CancellationToken cancellationToken)
    {
        ReadOnlySpan<int> samples = session.Split!.Choice.Span.Slice(payload.Start, payload.Count);
        int[] present = [.. Enumerable.Range(0, found.Length).Where(index => found[index] is not null)];
        IReadOnlyDictionary<string, CompressedWeight>[] replaced = [.. present.Select(index => Complete(weight, found[index]!))];
        string? first = session.Network!.FirstRead(replaced.SelectMany(weights => weights.Keys).Distinct()); // what a cell takes along may stand before it
        float[][] outputs = first is null
            ? [.. present.Select(_ => reference)] // nothing that the scores need reads these weights
            : runner.RunVariants(first, [.. replaced.Select(weights => session.Network.WithWeights(TrialActor.Decode(weights)))], samples, cancellationToken);
        WorkMetrics.Run(JobKind.Probe, first is null ? 0 : (long)present.Length * samples.Length);
        for (int i = 0; i < present.Length; i++)
        {
            results[present[i]] = Compare(outputs[i], reference, samples);
        }
    }

    private JobResults.ProbedCell Compare(float[] outputs, float[] reference, ReadOnlySpan<int> samples)
    {
        try
        {
            return new JobResults.ProbedCell(runner.Compare(outputs, reference, samples), null);
        }
        catch (NonFiniteOutputException error)
        {
            return new JobResults.ProbedCell(null, error.Message);
        }
    }

    private IReadOnlyDictionary<string, CompressedWeight> Complete(Weight weight, CompressedWeight cell) =>
        session.Model.Format.Complete(session.Model.Graph, ImmutableDictionary<string, CompressedWeight>.Empty.Add(weight.Name, cell), session.Model.Target);
}
