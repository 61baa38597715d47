using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Runs;

/// <summary>What each job took, where and when: the one file that differs from run to run. Kept as lines while the sweep runs, turned into <c>timings.json</c> at its end.</summary>
internal sealed class TimingLog : IDisposable
{
    private const int PageSize = 1000;
    private const int FlushAt = 1 << 16;

    private readonly Lock _gate = new();
    private readonly StreamWriter _lines;
    private readonly TimeProvider _time;

    /// <summary>Goes on with the log of a folder.</summary>
    internal TimingLog(string path, TimeProvider time)
    {
        _time = time;
        _lines = new StreamWriter(path, append: true) { AutoFlush = true };
        if (_lines.BaseStream.Position > 0)
        {
            _lines.WriteLine(); // a killed run may have left half a line; empty ones are passed over
        }
    }

    /// <summary>Notes a recorded job.</summary>
    internal void Add(FinishedJob job)
    {
        Timing timing = new(
            job.Claim.Job.Kind, job.Claim.Job.Key, job.Claim.Sequence, job.Elapsed.TotalSeconds, job.Claim.Silo, job.Claim.Epoch,
            _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), job.TakenOver);
        string line = JsonSerializer.Serialize(timing, TimingJson.Default.Timing);
        lock (_gate)
        {
            _lines.WriteLine(line);
        }
    }

    /// <summary>Writes <c>timings.json</c> from everything that was noted, earlier runs included, by job and time. Only while this process holds the folder.</summary>
    internal static async Task PublishAsync(SweepFolder folder, CancellationToken cancellationToken)
    {
        using TimingLines lines = new(folder.TimingLog);
        await PublishAsync(lines, folder.Timings, cancellationToken);
    }

    /// <summary>
    /// Writes <c>timings.json</c> from what a shared store has of every job, and what was noted here of those that this machine did, by job and time.
    /// The store tells in another order, so that its lines are in a file of their own first. Only while this process holds the folder.
    /// </summary>
    internal static async Task PublishAsync(ISweepStore store, string sweepId, SweepFolder folder, CancellationToken cancellationToken)
    {
        string gathered = folder.TimingLog + ".gathered";
        await GatherAsync(store, sweepId, folder.TimingLog, gathered, cancellationToken);
        using TimingLines lines = new(gathered, isTemporary: true);
        await PublishAsync(lines, folder.Timings, cancellationToken);
    }

    private static async Task GatherAsync(ISweepStore store, string sweepId, string log, string path, CancellationToken cancellationToken)
    {
        using TimingLines own = new(log);
        await using FileStream lines = new(path, FileMode.Create, FileAccess.Write, FileShare.None, FlushAt, useAsync: true);
        for (long read = 0; await store.ReadOriginsAsync(sweepId, read, PageSize, cancellationToken) is { IsEmpty: false } page; read = page[^1].Sequence)
        {
            foreach (ResultOrigin origin in page)
            {
                Timing timing = own.Find(origin.JobSequence, origin.Silo) ?? new Timing(
                    origin.Kind, origin.Key, origin.JobSequence, origin.Elapsed?.TotalSeconds, origin.Silo, origin.Epoch,
                    origin.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), null);
                await lines.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(timing, TimingJson.Default.Timing), cancellationToken);
                lines.WriteByte((byte)'\n');
            }
        }
    }

    private static Task PublishAsync(TimingLines lines, string path, CancellationToken cancellationToken) => Durably.WriteAsync(path, async stream =>
    {
        ArrayBufferWriter<byte> piece = new(2 * FlushAt); // between writer and stream: the serializer flushes after every line
        using Utf8JsonWriter writer = new(piece);
        writer.WriteStartObject();
        writer.WriteStartArray("jobs"u8);
        foreach (Timing timing in lines.InOrder())
        {
            JsonSerializer.Serialize(writer, timing, TimingJson.Default.Timing);
            if (piece.WrittenCount > FlushAt)
            {
                await stream.WriteAsync(piece.WrittenMemory, cancellationToken);
                piece.ResetWrittenCount();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        await stream.WriteAsync(piece.WrittenMemory, cancellationToken);
    });

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
