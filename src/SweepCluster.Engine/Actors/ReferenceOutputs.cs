using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Sessions;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Actors;

/// <summary>The uncompressed model's outputs as its own trial stored them: what every plan and probe is compared with.</summary>
internal sealed class ReferenceOutputs(SweepSession session, SweepRecords records, IBlobStore blobs, ModelRunner runner, ComputeThreads compute)
{
    private readonly ConcurrentDictionary<(SampleRange Range, int Start), Task<float[]>> _parts = new();

    /// <summary>Outputs for some samples of a range, <c>[count, classes]</c>.</summary>
    internal async Task<float[]> TakeAsync(SampleRange range, int start, int count, CancellationToken cancellationToken)
    {
        if (!Covers(records.BaselineOutputs(range), start, count))
        {
            await records.CatchUpAsync(cancellationToken);
        }

        ImmutableArray<(int Start, int Count, string Outputs)> parts = records.BaselineOutputs(range);
        if (!Covers(parts, start, count))
        {
            throw new InvalidOperationException($"The uncompressed model was not measured on the samples {start} to {start + count - 1} of {range}.");
        }

        int classes = session.Network!.OutputSize;
        float[] outputs = new float[count * classes];
        foreach ((int partStart, int partCount, string blob) in parts)
        {
            int from = Math.Max(start, partStart), to = Math.Min(start + count, partStart + partCount);
            if (from < to)
            {
                float[] part = await LoadAsync(range, partStart, partCount, blob, cancellationToken);
                part.AsSpan((from - partStart) * classes, (to - from) * classes).CopyTo(outputs.AsSpan((from - start) * classes));
            }
        }

        return outputs;
    }

    private static bool Covers(ImmutableArray<(int Start, int Count, string Outputs)> parts, int start, int count) =>
        parts.Sum(part => Math.Max(0, Math.Min(start + count, part.Start + part.Count) - Math.Max(start, part.Start))) == count;

    /// <summary>One part, read once. A part whose blob is lost or damaged is computed again.</summary>
    private async Task<float[]> LoadAsync(SampleRange range, int start, int count, string blob, CancellationToken cancellationToken)
    {
        Task<float[]> loading = _parts.GetOrAdd((range, start), _ => ReadAsync(range, start, count, blob));
        try
        {
            return await loading.WaitAsync(cancellationToken);
        }
        catch when (loading.IsFaulted)
        {
            _parts.TryRemove(KeyValuePair.Create((range, start), loading));
            throw;
        }
    }

    private async Task<float[]> ReadAsync(SampleRange range, int start, int count, string blob)
    {
        try
        {
            return MemoryMarshal.Cast<byte, float>((await blobs.GetAsync(blob, CancellationToken.None)).Span).ToArray();
        }
        catch (BlobUnavailableException lost)
        {
            ReadOnlyMemory<int> samples = session.SamplesOf(range).Slice(start, count);
            float[] outputs = await compute.RunAsync(token => runner.Run(session.Network!, samples.Span, token), CancellationToken.None);
            string stored = await blobs.PutAsync(MemoryMarshal.AsBytes<float>(outputs).ToArray(), CancellationToken.None);
            return stored == blob ? outputs : throw new BlobUnavailableException(
                blob, lost.IsDamaged, $"the uncompressed model's outputs are lost, and computing them again gives {stored}, expected {blob}.");
        }
    }
}
