using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Runs;

/// <summary>What each job took, where and when: the one file that differs from run to run. Kept as lines while the sweep runs, turned into <c>timings.json</c> at its end.</summary>
internal sealed partial class TimingLog : IDisposable
{
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
            _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        string line = JsonSerializer.Serialize(timing, TimingJson.Default.Timing);
        lock (_gate)
        {
            _lines.WriteLine(line);
        }
    }

    /// <summary>Writes <c>timings.json</c> from everything that was noted, earlier runs included. A line that a killed run left unfinished is passed over.</summary>
    internal static Task PublishAsync(string log, string path, CancellationToken cancellationToken)
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

        byte[] report = JsonSerializer.SerializeToUtf8Bytes(
            new TimingReport([.. timings.OrderBy(timing => timing.Job).ThenBy(timing => timing.Finished, StringComparer.Ordinal)]), TimingJson.Default.TimingReport);
        return Durably.WriteAsync(path, report, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    /// <summary>One recorded job.</summary>
    internal sealed record Timing(JobKind Kind, string Key, long Job, double Seconds, string Silo, long Attempt, string Finished);

    /// <summary>The file.</summary>
    internal sealed record TimingReport(IReadOnlyList<Timing> Jobs);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(Timing))]
    [JsonSerializable(typeof(TimingReport))]
    private sealed partial class TimingJson : JsonSerializerContext;
}
