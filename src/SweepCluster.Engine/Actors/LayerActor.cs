using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using SweepCluster.Compression;
using SweepCluster.Compression.Pruning;
using SweepCluster.Compression.Telemetry;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Cells;

namespace SweepCluster.Engine.Actors;

/// <summary>Makes the cells of a weight: prepares it once, compresses it under each scheme, measures the error, stores the result.</summary>
internal sealed class LayerActor(SweepModel model, IBlobStore blobs, ComputeThreads compute)
{
    /// <summary>Makes the cells that a job asks for and that nobody made before. A cell that fails does so alone.</summary>
    internal async Task<JobResult> MakeAsync(Job job, JobPayloads.Layer payload, EarlierResults earlier, CancellationToken cancellationToken)
    {
        Weight weight = model.Weights[payload.Weight];
        Dictionary<string, CellResult> found = await FindAsync(job, weight, payload.Schemes, earlier, cancellationToken);
        earlier.Note(job, found.Count);
        foreach (string scheme in found.Keys)
        {
            CellMetrics.Count(SchemeText.Parse(scheme), CellOutcome.TakenOver);
        }

        string[] missing = [.. payload.Schemes.Where(scheme => !found.ContainsKey(scheme))];
        if (missing.Length > 0)
        {
            Scheme[] schemes = [.. missing.Select(SchemeText.Parse)];
            (CellResult Cell, byte[]? Content)[] made = await compute.RunAsync(token => Make(weight, schemes, token), cancellationToken);
            string?[] stored = await Task.WhenAll(made.Select(cell => StoreAsync(cell.Content, cancellationToken)));
            for (int i = 0; i < made.Length; i++)
            {
                found.Add(missing[i], made[i].Cell with { Blob = stored[i] });
            }
        }

        ImmutableArray<CellResult> cells = [.. payload.Schemes.Select(scheme => found[scheme])];
        return JobResult.Of(JsonSerializer.Serialize(new JobResults.Layer(cells), EngineJson.Default.LayerResult));
    }

    /// <summary>Makes one recorded cell again whose blob was lost or damaged, and stores it.</summary>
    /// <exception cref="BlobUnavailableException">What it gives now has another hash than what was recorded.</exception>
    internal async Task<CompressedWeight> RemakeAsync(Weight weight, Scheme scheme, CellResult recorded, CancellationToken cancellationToken)
    {
        byte[]? content = (await compute.RunAsync(token => Make(weight, [scheme], token), cancellationToken))[0].Content;
        string? stored = await StoreAsync(content, cancellationToken);
        return stored == recorded.Blob ? CompressedWeightCodec.Decode(content) : throw new BlobUnavailableException(
            recorded.Blob!, isDamaged: true, $"layer '{weight.Name}' under {scheme}: the stored cell is lost, and making it again gives {stored}, expected {recorded.Blob}.");
    }

    /// <summary>Cells that earlier jobs made of an equal weight and whose blobs are there, by scheme.</summary>
    private async Task<Dictionary<string, CellResult>> FindAsync(
        Job job, Weight weight, ImmutableArray<string> schemes, EarlierResults earlier, CancellationToken cancellationToken)
    {
        Dictionary<string, string> wanted = schemes.ToDictionary(scheme => JobKeys.OfCell(weight, scheme, model.Target.Arithmetic), StringComparer.Ordinal);
        Dictionary<string, CellResult> found = new(StringComparer.Ordinal);
        foreach (RecordedResult result in await earlier.FindAsync(job, cancellationToken))
        {
            foreach (CellResult cell in EngineJson.Read(result.Result.Payload!, EngineJson.Default.LayerResult).Cells)
            {
                if (cell.Blob is { } blob && wanted.TryGetValue(cell.Key, out string? scheme) && !found.ContainsKey(scheme) && await blobs.TouchAsync(blob, cancellationToken))
                {
                    found.Add(scheme, cell);
                }
            }
        }

        return found;
    }

    private (CellResult Cell, byte[]? Content)[] Make(Weight weight, Scheme[] schemes, CancellationToken cancellationToken)
    {
        PreparedWeight prepared = new(weight);
        (CellResult, byte[]?)[] made = new (CellResult, byte[]?)[schemes.Length];

        // Group size by group size: the prepared weight keeps the groups of one size.
        foreach (int index in Enumerable.Range(0, schemes.Length).OrderBy(index => GroupSizeOf(schemes[index])))
        {
            cancellationToken.ThrowIfCancellationRequested();
            made[index] = Make(prepared, schemes[index], cancellationToken);
        }

        return made;
    }

    private static int GroupSizeOf(Scheme scheme) => scheme switch
    {
        PalettizeScheme palettize => palettize.GroupSize,
        JointScheme { Then: PalettizeScheme palettize } => palettize.GroupSize,
        _ => 0,
    };

    private (CellResult Cell, byte[]? Content) Make(PreparedWeight prepared, Scheme scheme, CancellationToken cancellationToken)
    {
        string key = JobKeys.OfCell(prepared.Source, scheme, model.Target.Arithmetic);
        long start = Stopwatch.GetTimestamp();
        try
        {
            CompressedWeight compressed = Compressors.Compress(prepared, scheme, new CompressOptions(model.Target.Arithmetic), cancellationToken);
            WeightError error = WeightError.Measure(prepared.Values.Span, Decompressor.ToFloat32(compressed));
            StructuredSavings? savings = StructuredSavings.Of(prepared.Source, compressed);
            CellResult cell = new(key, scheme.Canonical, null, compressed.PayloadBytes, error.SquaredError, error.SquaredNorm, error.MaxAbsolute, null)
            {
                EmptyChannels = savings?.ZeroChannels ?? 0,
                EmptyElements = savings?.Elements ?? 0,
            };
            byte[] content = CompressedWeightCodec.Encode(compressed);
            CellMetrics.Made(scheme, Stopwatch.GetElapsedTime(start));
            return (cell, content);
        }
        catch (Exception error) when (JobFailures.BelongsTo(JobKind.Layer, error))
        {
            CellMetrics.Count(scheme, CellOutcome.Failed);
            return (new CellResult(key, scheme.Canonical, null, 0, 0, 0, 0, JobFailures.Describe(error)), null);
        }
    }

    private async Task<string?> StoreAsync(byte[]? content, CancellationToken cancellationToken) =>
        content is null ? null : await blobs.PutAsync(content, cancellationToken);
}
