using SweepCluster.Testing;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A sweep that is killed or interrupted goes on, and ends with the bytes of an undisturbed run.</summary>
public sealed class InterruptionTests(TinySweep undisturbed) : IClassFixture<TinySweep>
{
    [Fact]
    public async Task Run_KilledAgainAndAgain_ResumesToTheSameBytes()
    {
        using TemporaryFolder folder = new();
        string results = folder.At("results");
        Random moments = new(20261120);
        int kills = 0;
        for (int attempt = 0; attempt < 6; attempt++)
        {
            using SweepProcess process = new("run", undisturbed.Spec, "--out", results, "--resume", "--quiet");
            await WaitForJournalAsync(process, results, moments.Next(1, 30));
            if (!process.HasExited)
            {
                process.Kill();
                kills++;
            }

            await process.FinishAsync();
        }

        Assert.NotEqual(0, kills);
        using SweepProcess last = new("run", undisturbed.Spec, "--out", results, "--resume", "--quiet");
        CommandLine end = await last.FinishAsync();
        Assert.Equal(0, end.ExitCode);
        SameBytes.AssertReports(undisturbed.Results, results);
    }

    [Fact]
    public async Task Run_ControlC_ExitsWith130AndPrintsTheLineThatResumes()
    {
        using TemporaryFolder folder = new();
        string results = folder.At("results");
        CommandLine stopped;
        using (SweepProcess process = new("run", undisturbed.Spec, "--out", results))
        {
            await WaitForJournalAsync(process, results, 5);
            process.PressControlC();
            stopped = await process.FinishAsync();
        }

        Assert.Equal(130, stopped.ExitCode);
        string line = stopped.Error.Split('\n').Single(text => text.TrimStart().StartsWith("sweep run", StringComparison.Ordinal)).Trim();
        Assert.Equal($"sweep run {undisturbed.Spec} --out {results} --resume", line);

        CommandLine resumed = await CommandLine.RunAsync(line.Split(' ')[1..]);
        Assert.Equal(0, resumed.ExitCode);
        SameBytes.AssertReports(undisturbed.Results, results);
    }

    // The moment is a state of the journal, not a time: so many bytes more than when the process began.
    private static async Task WaitForJournalAsync(SweepProcess process, string results, int records)
    {
        FileInfo journal = new(Path.Combine(results, ".sweep", "journal"));
        journal.Refresh();
        long goal = (journal.Exists ? journal.Length : 0) + (records * 300L);
        while (!process.HasExited)
        {
            journal.Refresh();
            if (journal.Exists && journal.Length >= goal)
            {
                return;
            }

            await Task.Delay(5);
        }
    }
}
