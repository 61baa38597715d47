using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

public sealed class TimingLogTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _files = new();
    private readonly SweepFolder _folder;

    public TimingLogTests()
    {
        _folder = new SweepFolder(_files.Path);
        Directory.CreateDirectory(_folder.State);
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Publish_LinesOfAKilledRun_AreOrderedByJobAndTimeAndHalfOnesLeftOut()
    {
        string first = Line(2, "b", 1.5, "01", "1"), killed = Line(1, "a", 0.25, "02", "null"), again = Line(1, "a", 0.5, "01", "0");
        File.WriteAllText(_folder.TimingLog, $"{first}\n{killed}\n{Line(7, "c", 1, "03", "0")[..40]}\n\r\n\nnull\n{again}");

        await TimingLog.PublishAsync(_folder, default);

        Assert.Equal($$"""{"jobs":[{{again}},{{killed}},{{first}}]}""", File.ReadAllText(_folder.Timings));
        Assert.Equal([_folder.State, _folder.Timings], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Publish_NothingNoted_WritesAnEmptyList()
    {
        await TimingLog.PublishAsync(_folder, default);

        Assert.Equal("""{"jobs":[]}""", File.ReadAllText(_folder.Timings));
    }

    /// <summary>More than a buffer holds, lines longer than one among them, in no order: what sorting all of it in memory gives.</summary>
    [Fact]
    public async Task Publish_ManyLines_IsWhatSortingThemInMemoryGives()
    {
        Random random = new(5);
        string[] lines = [.. Enumerable.Range(0, 5_000).Select(number => Line(
            random.Next(3_000), number % 1000 == 7 ? new string('k', 100_000) : $"key {number}", random.NextDouble(), random.Next(10, 60).ToString(CultureInfo.InvariantCulture), "3"))];
        File.WriteAllLines(_folder.TimingLog, lines);

        await TimingLog.PublishAsync(_folder, default);

        IEnumerable<string> sorted = lines.Select(line => (Text: line, Json: JsonNode.Parse(line)!))
            .OrderBy(entry => entry.Json["job"]!.GetValue<long>()).ThenBy(entry => entry.Json["finished"]!.GetValue<string>(), StringComparer.Ordinal)
            .Select(entry => entry.Text);
        Assert.True(File.ReadAllText(_folder.Timings) == $$"""{"jobs":[{{string.Join(',', sorted)}}]}""");
    }

    [Fact]
    public async Task Publish_AFileThatAKilledProcessLeft_IsWrittenOver()
    {
        File.WriteAllText(_folder.Timings + ".partial", new string('x', 100));
        File.WriteAllText(_folder.TimingLog, Line(1, "a", 1, "01", "0"));

        await TimingLog.PublishAsync(_folder, default);

        Assert.Equal($$"""{"jobs":[{{Line(1, "a", 1, "01", "0")}}]}""", File.ReadAllText(_folder.Timings));
        Assert.False(File.Exists(_folder.Timings + ".partial"));
    }

    [Fact]
    public async Task Publish_Cancelled_LeavesWhatWasThere()
    {
        File.WriteAllText(_folder.TimingLog, Line(1, "a", 1, "01", "0"));
        File.WriteAllText(_folder.Timings, "mine");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TimingLog.PublishAsync(_folder, new CancellationToken(canceled: true)));

        Assert.Equal("mine", File.ReadAllText(_folder.Timings));
        Assert.False(File.Exists(_folder.Timings + ".partial"));
    }

    /// <summary>A store tells in the order of recording, in pages; of the jobs of this machine its own log knows more.</summary>
    [Fact]
    public async Task Publish_OfAStore_HasEveryJobInOrderAndWhatWasNotedHere()
    {
        const int Jobs = 2_500;
        ResultOrigin[] origins = [.. Enumerable.Range(0, Jobs).Select(number => new ResultOrigin(
            number + 1, Jobs - number, JobKind.Trial, $"key {Jobs - number}", number % 2 == 0 ? "here" : "there", 1, s_start.AddSeconds(number), number == 1 ? null : TimeSpan.FromSeconds(2)))];
        string[] noted = [Line(2, "earlier", 1, "58", "0"), Line(2, "own", 4, "59", "6"), Line(1, "of another silo", 4, "59", "6")];
        File.WriteAllLines(_folder.TimingLog, noted);

        await TimingLog.PublishAsync(new Told(origins), "a", _folder, default);

        JsonArray jobs = JsonNode.Parse(File.ReadAllText(_folder.Timings))!["jobs"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, Jobs), jobs.Select(job => job!["job"]!.GetValue<int>()));
        Assert.Equal(noted[1], jobs[1]!.ToJsonString());
        Assert.Equal(
            """{"kind":"Trial","key":"key 1","job":1,"seconds":2,"silo":"there","attempt":1,"finished":"2026-01-02T03:45:44.0000000Z","takenOver":null}""", jobs[0]!.ToJsonString());
        Assert.Null(jobs[Jobs - 2]!["seconds"]);
        Assert.Equal([_folder.TimingLog], Directory.GetFileSystemEntries(_folder.State));
    }

    [Fact]
    public void Find_OfAJobThatNobodyNoted_IsNull()
    {
        File.WriteAllText(_folder.TimingLog, Line(5, "a", 1, "01", "0"));
        using TimingLines lines = new(_folder.TimingLog);

        Assert.All([lines.Find(4, "here"), lines.Find(6, "here"), lines.Find(5, "there")], Assert.Null);
        Assert.Equal("a", lines.Find(5, "here")!.Key);
    }

    private static string Line(int job, string key, double seconds, string second, string takenOver) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"kind":"Probe","key":"{{key}}","job":{{job}},"seconds":{{seconds}},"silo":"here","attempt":1,"finished":"2026-01-02T03:04:{{second}}.0000000\u002B00:00","takenOver":{{takenOver}}}""");

    private sealed class Told(ResultOrigin[] origins) : DelegatingStore(null!)
    {
        public override Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
            Task.FromResult(origins.Where(origin => origin.Sequence > after).Take(limit).ToImmutableArray());
    }
}
