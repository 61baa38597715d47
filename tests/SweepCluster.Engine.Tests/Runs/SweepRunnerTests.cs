using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

public sealed class SweepRunnerTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_SampleModel_MeasuresEveryPlanAndConfirmsTheFrontier()
    {
        SweepSummary summary = finished.Result.Summary;

        Assert.Equal(["pal1", "pal4", "i4s/c"], summary.Trials.Where(trial => trial.Kind == PlanKind.Uniform).Select(trial => trial.Label));
        Assert.Contains(summary.Trials, trial => trial.Kind == PlanKind.Mixed);
        Assert.All(summary.Trials, trial => Assert.Null(trial.Failure));
        Assert.All(summary.Trials, trial => Assert.Equal(24, trial.Choice!.Drop.Samples));
        Assert.All(summary.Trials.Where(trial => trial.OnFrontier), trial => Assert.NotNull(trial.Confirm)); // and the safest of each size with them
        Assert.All(summary.Trials.Where(trial => trial.Confirm is not null), trial => Assert.Equal(16, trial.Confirm!.Drop.Samples));
        Assert.Equal(15, summary.Sensitivities.Length); // five layers under three schemes
        Assert.All(summary.Sensitivities, entry => Assert.Equal(8, entry.Kl!.Samples));
        Assert.Equal(5, summary.Layers.Length);
        Assert.Equal(0, finished.Result.JobsFound);
    }

    [Fact]
    public void Run_WithProgress_CountsUpToTheEnd()
    {
        SweepProgress last = finished.Reports[^1];

        Assert.Equal(SweepStage.Opening, finished.Reports[0].Stage);
        Assert.Equal((SweepStage.Finished, 1.0, TimeSpan.Zero, 0), (last.Stage, last.Share, last.TimeLeft, last.Failures));
        Assert.Equal(finished.Result.JobsRun, last.JobsDone);
        Assert.Equal(last.JobsTotal, last.JobsDone);
        Assert.Equal(finished.Reports.Select(report => report.JobsDone).Order(), finished.Reports.Select(report => report.JobsDone));
        Assert.NotNull(last.Best);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Run_OtherNumberOfSlots_GivesTheSameBytes(int slots)
    {
        SweepResult result = await SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(_folder["out"], slots), null, default);

        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
    }

    [Fact]
    public async Task Run_CanceledAndResumed_GivesTheSameBytesAndComputesNothingTwice()
    {
        using CancellationTokenSource stop = new();
        CancelAfter canceler = new(stop, jobs: 7);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SweepRunner.RunAsync(
            finished.Spec, SampleSweep.Options(_folder["out"]) with { ProgressPeriod = TimeSpan.FromMilliseconds(1) }, canceler, stop.Token));

        SweepResult result = await SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(_folder["out"], resume: true), null, default);

        Assert.InRange(result.JobsFound, 7, finished.Result.JobsRun - 1);
        Assert.Equal(finished.Result.JobsRun, result.JobsFound + result.JobsRun);
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
        string[] computed = [.. File.ReadLines(Path.Combine(_folder["out"], ".sweep", "timings")).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("key").GetString()!)];
        Assert.Equal(computed.Distinct(), computed);
    }

    [Fact]
    public async Task Run_WithoutUniformPlans_ChoosesMixedPlansOnlyOnceTheLayersAreProbed()
    {
        // 600 samples of a trial and 130 of a probe are more than one job measures.
        SweepSpec spec = SampleSweep.SpecWith(_folder, ("search.uniform", "false"), ("samples", "{probe: 130, choice: 600, confirm: 520}"));

        SweepResult one = await SweepRunner.RunAsync(spec, SampleSweep.Options(_folder["one"], slots: 1), null, default);
        SweepResult three = await SweepRunner.RunAsync(spec, SampleSweep.Options(_folder["three"], slots: 3), null, default);

        Assert.Equal(SampleSweep.Json(one), SampleSweep.Json(three));
        Assert.Equal([PlanKind.Mixed, PlanKind.Mixed, PlanKind.Mixed], one.Summary.Trials.Select(trial => trial.Kind));
        Assert.All(one.Summary.Trials, trial => Assert.Equal(600, trial.Choice!.Drop.Samples));
        Assert.All(one.Summary.Sensitivities, entry => Assert.Equal(130, entry.Kl!.Samples));
        Assert.Contains(one.Summary.Trials, trial => trial.Confirm?.Drop.Samples == 520);
        ImmutableArray<QueuedJob> jobs = await JobsAsync(_folder["one"]);
        long lastProbe = jobs.Last(job => job.Job.Kind == JobKind.Probe).Sequence;
        Assert.All(jobs.Where(job => job.Job.Payload.Contains("mixed-", StringComparison.Ordinal)), job => Assert.True(job.Sequence > lastProbe));
        Assert.Equal(2, jobs.Count(job => job.Job.Payload.Contains("mixed-01", StringComparison.Ordinal) && job.Job.Payload.Contains("hoice", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_AgainWhenFinished_ComputesNothing(bool resume)
    {
        SweepResult again = await SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(finished.Folder, resume: resume), null, default);

        Assert.Equal((0, finished.Result.JobsRun), (again.JobsRun, again.JobsFound));
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(again));
    }

    [Fact]
    public async Task Run_FolderOfAnotherSweep_SaysWhatDiffersAndWritesNothing()
    {
        byte[] before = await File.ReadAllBytesAsync(Path.Combine(finished.Folder, ".sweep", "journal"));
        SweepSpec other = finished.Spec with { Canonical = finished.Spec.Canonical + "other" };

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => SweepRunner.RunAsync(other, SampleSweep.Options(finished.Folder, resume: true), null, default));

        Assert.Equal($"{finished.Folder}: found the sweep 'small' of another spec, expected this sweep or an empty or absent folder.", error.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(finished.Folder, ".sweep", "journal")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_FolderWithOtherFiles_IsRefusedAndLeftAlone(bool resume)
    {
        Directory.CreateDirectory(_folder["out"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["out"], "thesis.tex"), "");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(_folder["out"], resume: resume), null, default));

        Assert.Equal($"{_folder["out"]}: found 1 entries and no sweep ('thesis.tex', ..), expected an empty or absent folder.", error.Message);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public async Task Run_TooLittleMemory_IsRefusedBeforeAnythingIsWritten()
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => SweepRunner.RunAsync(
            finished.Spec, SampleSweep.Options(_folder["out"]) with { MemoryBytes = 64 << 20 }, null, default));

        Assert.Matches("^small: the sweep takes [0-9]+ MiB of memory on 2 slots, expected at most 64 MiB.$", error.Message);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Run_BlobsLostAndDamagedBetween_AreMadeAgain()
    {
        using CancellationTokenSource stop = new();
        CancelAfter canceler = new(stop, jobs: 9); // the cells and the baseline are recorded
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SweepRunner.RunAsync(
            finished.Spec, SampleSweep.Options(_folder["out"]) with { ProgressPeriod = TimeSpan.FromMilliseconds(1) }, canceler, stop.Token));
        string[] blobs = [.. Directory.EnumerateFiles(Path.Combine(_folder["out"], ".sweep", "blobs"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        for (int i = 0; i < blobs.Length; i++)
        {
            if (i % 2 == 0)
            {
                File.Delete(blobs[i]);
            }
            else
            {
                await File.WriteAllTextAsync(blobs[i], "damaged");
            }
        }

        SweepResult result = await SweepRunner.RunAsync(finished.Spec, SampleSweep.Options(_folder["out"], resume: true), null, default);

        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
    }

    [Fact]
    public async Task Run_CommandAsObjective_MeasuresPackagesThatItWrites()
    {
        string script = _folder["measure.sh"];
        await File.WriteAllTextAsync(script, """
            size=$(cat "$1/Data/com.apple.CoreML/weights/weight.bin" | wc -c)
            if [ "$size" -lt 300000 ]; then echo "too small: $1, $(dirname "$1")/log" >&2; exit 3; fi
            echo "{\"size\": $size}"
            """);
        string spec = _folder["command.yaml"];
        await File.WriteAllTextAsync(spec, $$"""
            model: {{SampleSweep.Model}}
            objective: {metric: size, higher: true, command: [sh, {{script}}, "{model}"]}
            global_config: {weight_threshold: 20000}
            schemes:
              - palettize: {nbits: [1, 8]}
            """);

        SweepResult result = await SweepRunner.RunAsync(SpecReader.Read(spec, []), SampleSweep.Options(_folder["out"]), null, default);

        TrialSummary small = result.Summary.Trials[0], large = result.Summary.Trials[1];
        Assert.Equal("sh: found exit code 3, expected 0; its last words: too small: {model}, {folder}/log", small.Failure);
        Assert.Null(large.Failure);
        Assert.InRange(large.Choice!.Values["size"].Value, 300_000, large.SizeBytes);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["out"], ".sweep", "tmp")));
    }

    [Fact]
    public async Task Forecast_SampleModel_CountsWhatTheRunThenDoes()
    {
        SweepForecast forecast = await SweepRunner.ForecastAsync(finished.Spec, 2, long.MaxValue, TimeProvider.System, default);

        SweepSummary summary = finished.Result.Summary;
        Assert.Equal((5, 15, 15, 3, 3), (forecast.Layers, forecast.Cells, forecast.Probes, forecast.UniformTrials, forecast.MixedTrials));
        Assert.Equal(summary.Baseline.Choice!.Values["top1"], forecast.Baseline["top1"]);
        Assert.Equal(summary.Baseline.SizeBytes, forecast.BaselineBytes);
        Assert.Equal(summary.LeftAlone.Select(entry => KeyValuePair.Create(entry.Name, entry.Reason)), forecast.LeftAlone.AsEnumerable());
        long payload = summary.Sensitivities.Sum(entry => entry.PayloadBytes!.Value);
        Assert.InRange(forecast.CellBytes, payload, payload); // these schemes' sizes follow from shapes alone
        Assert.True(forecast.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Journal_AfterARun_HoldsEachResultOnce()
    {
        await using JournalStore store = JournalStore.OpenReadOnly(Path.Combine(finished.Folder, ".sweep"));
        SweepRecord sweep = Assert.Single(await store.ListSweepsAsync(default));
        ImmutableArray<RecordedResult> results = await store.ReadResultsAsync(sweep.Id, 0, int.MaxValue, default);

        Assert.Equal(finished.Result.JobsRun, results.Length);
        Assert.Equal(results.Length, results.DistinctBy(result => result.Job.Key).Count());
    }

    private static async Task<ImmutableArray<QueuedJob>> JobsAsync(string output)
    {
        await using JournalStore store = JournalStore.OpenReadOnly(Path.Combine(output, ".sweep"));
        return await store.ReadJobsAsync((await store.ListSweepsAsync(default))[0].Id, 0, int.MaxValue, default);
    }

    private sealed class CancelAfter(CancellationTokenSource stop, int jobs) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value)
        {
            if (value.JobsDone >= jobs)
            {
                stop.Cancel();
            }
        }
    }
}
