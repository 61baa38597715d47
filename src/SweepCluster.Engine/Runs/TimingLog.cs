using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Runs;

/// <summary>What each job took, where and when: the one file that differs from run to run. Kept as lines while the sweep runs, turned into <c>timings.json</c> at its end.</summary>
internal sealed partial class TimingLog : IDisposable
{
    private const int PageSize = 1000;

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

    /// <summary>Writes <c>timings.json</c> from everything that was noted, earlier runs included. A line that a killed run left unfinished is passed over.</summary>
    internal static Task PublishAsync(SweepFolder folder, CancellationToken cancellationToken) =>
        PublishAsync(Read(folder.TimingLog), folder.Timings, cancellationToken);

    /// <summary>Writes <c>timings.json</c> from what a shared store has of every job, and what was noted here of those that this machine did.</summary>
    internal static async Task PublishAsync(ISweepStore store, string sweepId, SweepFolder folder, CancellationToken cancellationToken)
    {
        Dictionary<(long, string), Timing> own = [];
        foreach (Timing timing in File.Exists(folder.TimingLog) ? Read(folder.TimingLog) : [])
        {
            own[(timing.Job, timing.Silo)] = timing;
        }

        List<Timing> timings = [];
        for (long read = 0; await store.ReadOriginsAsync(sweepId, read, PageSize, cancellationToken) is { IsEmpty: false } page; read = page[^1].Sequence)
        {
            timings.AddRange(page.Select(origin => own.GetValueOrDefault((origin.JobSequence, origin.Silo)) ?? new Timing(
                origin.Kind, origin.Key, origin.JobSequence, origin.Elapsed?.TotalSeconds, origin.Silo, origin.Epoch,
                origin.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), null)));
        }

        await PublishAsync(timings, folder.Timings, cancellationToken);
    }

    private static Task PublishAsync(IEnumerable<Timing> timings, string path, CancellationToken cancellationToken) => Durably.WriteAsync(
        path,
        JsonSerializer.SerializeToUtf8Bytes(
            new TimingReport([.. timings.OrderBy(timing => timing.Job).ThenBy(timing => timing.Finished, StringComparer.Ordinal)]), TimingJson.Default.TimingReport),
        cancellationToken);

    private static List<Timing> Read(string log)
    {
        List<Timing> timings = [];
        foreach (string line in File.ReadLines(log).Where(line => line.Length > 0))
        {
            try
            {
                timings.Add(JsonSerializer.Deserialize(line, TimingJson.Default.Timing)!);
            }
            catch (JsonException)
            {
                // The last line of a killed run. Timings decide nothing.
            }
        }

        return timings;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    /// <summary>One recorded job. What a silo elsewhere did not tell is null: its seconds, and what it took over from earlier sweeps.</summary>
    internal sealed record Timing(JobKind Kind, string Key, long Job, double? Seconds, string Silo, long Attempt, string Finished, int? TakenOver);

    /// <summary>The file.</summary>
    internal sealed record TimingReport(IReadOnlyList<Timing> Jobs);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(Timing))]
    [JsonSerializable(typeof(TimingReport))]
    private sealed partial class TimingJson : JsonSerializerContext;
}
