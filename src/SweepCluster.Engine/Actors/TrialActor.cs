using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs.Weights;
using SweepCluster.Inference;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Engine.Actors;

/// <summary>Measures a plan over a part of a range: puts its cells into the network, runs the samples, compares with the uncompressed model.</summary>
internal sealed class TrialActor(
    SweepSession session, CellShelf cells, ReferenceOutputs references, IBlobStore blobs, ModelRunner runner, ComputeThreads compute, EarlierResults earlier)
{
    /// <summary>Measures what nobody measured before.</summary>
    internal async Task<JobResult> MeasureAsync(Job job, JobPayloads.Trial payload, CancellationToken cancellationToken)
    {
        if (await FindAsync(job, cancellationToken) is { } found)
        {
            return found;
        }

        IReadOnlyDictionary<string, CompressedWeight> plan = await cells.TakeAsync(payload.Plan, cancellationToken);
        bool isBaseline = payload.Plan.Kind == PlanKind.Baseline;
        float[]? reference = isBaseline ? null : await references.TakeAsync(payload.Range, payload.Start, payload.Count, cancellationToken);
        Measured measured = await compute.RunAsync(token => Measure(payload, plan, reference, token), cancellationToken);
        string? outputs = isBaseline ? await blobs.PutAsync(MemoryMarshal.AsBytes<float>(measured.Outputs).ToArray(), cancellationToken) : null;
        JobResults.Trial result = new(measured.SizeBytes, measured.WeightsHash, measured.Tally, null, outputs);
        return JobResult.Of(JsonSerializer.Serialize(result, EngineJson.Default.TrialResult));
    }

    /// <summary>Size and hash of a plan's weights.</summary>
    internal static (long SizeBytes, string WeightsHash) Describe(
        SweepModel model, IReadOnlyDictionary<string, CompressedWeight> plan, IReadOnlyDictionary<string, ReadOnlyMemory<float>> values) => (
        model.Format.Measure(model.Graph, plan, model.Target),
        WeightsHash.Of(model.Graph, weight => values.TryGetValue(weight.Name, out ReadOnlyMemory<float> replaced) ? replaced : model.ValuesOf(weight)));

    /// <summary>The values that a device sees of a plan's cells, by layer.</summary>
    internal static ImmutableDictionary<string, ReadOnlyMemory<float>> Decode(IReadOnlyDictionary<string, CompressedWeight> plan) => plan.ToImmutableDictionary(
        entry => entry.Key, entry => new ReadOnlyMemory<float>(Decompressor.ToFloat32(entry.Value)), StringComparer.Ordinal);

    /// <summary>What an earlier job of the same plan and samples came to; null where there is none, or its outputs are gone.</summary>
    private async Task<JobResult?> FindAsync(Job job, CancellationToken cancellationToken)
    {
        foreach (RecordedResult result in await earlier.FindAsync(job, cancellationToken))
        {
            string? outputs = EngineJson.Read(result.Result.Payload!, EngineJson.Default.TrialResult).Outputs;
            if (outputs is null || await blobs.TouchAsync(outputs, cancellationToken))
            {
                earlier.Note(job, 1);
                return result.Result;
            }
        }

        return null;
    }

    private Measured Measure(JobPayloads.Trial payload, IReadOnlyDictionary<string, CompressedWeight> plan, float[]? reference, CancellationToken cancellationToken)
    {
        ImmutableDictionary<string, ReadOnlyMemory<float>> values = Decode(plan);
        (long SizeBytes, string WeightsHash)? description = payload.Start == 0 ? Describe(session.Model, plan, values) : null;
        Network network = plan.Count == 0 ? session.Network! : session.Network!.WithWeights(values);
        ReadOnlySpan<int> samples = session.SamplesOf(payload.Range).Span.Slice(payload.Start, payload.Count);
        float[] outputs = runner.Run(network, samples, cancellationToken);
        WorkMetrics.Run(JobKind.Trial, samples.Length);
        return new Measured(outputs, runner.Compare(outputs, reference ?? outputs, samples), description?.SizeBytes, description?.WeightsHash);
    }

    private sealed record Measured(float[] Outputs, OutcomeTally Tally, long? SizeBytes, string? WeightsHash);
}
