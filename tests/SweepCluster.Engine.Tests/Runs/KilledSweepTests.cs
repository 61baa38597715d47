using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>A real process is killed without warning at seeded points of its journal, and the sweep is resumed.</summary>
public sealed class KilledSweepTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private const int Kills = 6;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Run_KilledAgainAndAgain_EndsWithTheBytesOfAnUndisturbedRun(int seed)
    {
        string spec = SampleSweep.Write(_folder), output = _folder["out"], journal = JournalStore.PathIn(Path.Combine(output, ".sweep"));
        long whole = new FileInfo(JournalStore.PathIn(Path.Combine(finished.Folder, ".sweep"))).Length;
        Random random = new(seed);
        long[] points = [.. Enumerable.Range(0, Kills).Select(_ => random.NextInt64(whole)).Order()];

        int killed = 0;
        foreach (long point in points)
        {
            using Process process = Start(spec, output);
            using CancellationTokenSource limit = new(s_patience);
            while (!process.HasExited && !(File.Exists(journal) && new FileInfo(journal).Length > point))
            {
                limit.Token.ThrowIfCancellationRequested();
                await Task.Delay(1, limit.Token); // looks again; the kill hangs on the journal's length, not on time
            }

            process.Kill(); // SIGKILL
            await process.WaitForExitAsync(limit.Token);
            killed += process.ExitCode == 0 ? 0 : 1;
        }

        SweepResult result = await SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(output, resume: true), null, default);

        Assert.InRange(killed, 3, Kills);
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
        Assert.Equal(finished.Result.JobsRun, result.JobsFound + result.JobsRun);
        Assert.Equal(finished.Result.JobsRun, CountResults(journal));
        string[] computed = [.. Computed(output)];
        Assert.Equal(computed.Distinct(), computed); // what was recorded was not computed again
    }

    private static int CountResults(string journal)
    {
        HashSet<long> jobs = [];
        JournalReader.Read(journal, (payload, _) =>
        {
            if (JournalIndex.Read(payload, null) is { Entry: JournalMark.Result, At: long job })
            {
                Assert.True(jobs.Add(job), $"Job {job} has two results.");
            }
        });
        return jobs.Count;
    }

    private static IEnumerable<string> Computed(string output) => File.ReadLines(Path.Combine(output, ".sweep", "timings"))
        .Where(line => line.EndsWith('}')) // a killed process may leave half a line
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!);

    private static Process Start(string spec, string output)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SweepCluster.Engine.TestHost.dll"));
        start.ArgumentList.Add(spec);
        start.ArgumentList.Add(output);
        start.ArgumentList.Add(2.ToString(CultureInfo.InvariantCulture));
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
