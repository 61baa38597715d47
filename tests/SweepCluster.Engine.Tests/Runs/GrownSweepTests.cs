using System.Text.Json;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>A sweep that grows out of a finished one: only what is new is computed, and the result is that of a run from the beginning.</summary>
public sealed class GrownSweepTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private const int Layers = 5, Schemes = 3; // of the finished sweep

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OneSchemeMore_ComputesWhatIsNewAndGivesTheResultOfAFreshRun()
    {
        SweepSpec spec = SampleSweep.SpecWith(_folder, ("schemes", "[{palettize: {nbits: [1, 4, 2]}}, {quantize: {dtype: int4}}]"));

        SweepResult grown = await RunAsync(spec, "grown", finished.Folder);
        SweepResult fresh = await RunAsync(spec, "fresh");

        Assert.Equal(SampleSweep.Json(fresh), SampleSweep.Json(grown));
        Assert.Equal(0, fresh.TakenOver);
        Assert.Equal((Layers * Schemes, Layers * Schemes, TrialsInBoth(grown)), TakenOver("grown"));
        Assert.Equal((2 * Layers * Schemes) + TrialsInBoth(grown), grown.TakenOver);
        Assert.True(TrialsInBoth(grown) >= 5, "The uncompressed model on both ranges and three uniform plans are in both sweeps.");
    }

    [Fact]
    public async Task Run_MoreLayers_TakesOverTheCellsAndProbesOfTheOthers()
    {
        SweepSpec spec = SampleSweep.SpecWith(_folder, ("global_config.weight_threshold", "10000"), ("search.greedy.plans", "0"), ("search.probes", "true"));

        SweepResult grown = await RunAsync(spec, "grown", finished.Folder);
        SweepResult fresh = await RunAsync(spec, "fresh");

        Assert.Equal(SampleSweep.Json(fresh), SampleSweep.Json(grown));
        Assert.True(grown.Summary.Layers.Length > Layers);
        Assert.Equal((Layers * Schemes, Layers * Schemes, 2), TakenOver("grown")); // other layers, other uniform plans: of the trials the uncompressed model's alone
    }

    [Fact]
    public async Task Run_MoreSamples_MeasuresOnTheNewPartsAlone()
    {
        (string, string)[] search = [("schemes", "[{quantize: {dtype: int4}}]"), ("search", "{uniform: true, greedy: {plans: 1}, probes: true}")];
        SweepSpec few = SampleSweep.SpecWith(_folder, [("samples", "{probe: 130, choice: 520, confirm: 515}"), .. search]);
        SweepSpec more = SampleSweep.SpecWith(_folder, [("samples", "{probe: 140, choice: 530, confirm: 520}"), .. search]);
        SweepResult first = await RunAsync(few, "few");

        SweepResult grown = await RunAsync(more, "grown", _folder["few"]);
        SweepResult fresh = await RunAsync(more, "fresh");

        Assert.Equal(SampleSweep.Json(fresh), SampleSweep.Json(grown));
        Assert.Equal((Layers, Layers, TrialsInBoth(grown, first)), TakenOver("grown")); // of each layer's two parts of probes the full one; of each trial's the one of 512 samples
    }

    [Fact]
    public async Task Run_EarlierBlobsAreGone_MakesThemAgain()
    {
        SweepResult first = await RunAsync(finished.Spec, "first");
        Directory.Delete(_folder["first/.sweep/blobs"], recursive: true);

        SweepResult again = await RunAsync(finished.Spec, "again", _folder["first"]);

        Assert.Equal(SampleSweep.Json(first), SampleSweep.Json(again));
        Assert.Equal((0, Layers * Schemes, TrialsInBoth(again, first) - 2), TakenOver("again")); // neither cells nor the uncompressed model's outputs
    }

    [Fact]
    public async Task Run_FinishedGrownSweep_NeedsTheEarlierFolderNoMore()
    {
        await RunAsync(finished.Spec, "first");
        SweepResult grown = await RunAsync(finished.Spec, "grown", _folder["first"]);
        Directory.Delete(_folder["first"], recursive: true);
        int blobs = Directory.EnumerateFiles(_folder["grown/.sweep/blobs"], "*", SearchOption.AllDirectories).Count();

        ResultFolder folder = await ResultFolder.OpenAsync(_folder["grown"], default);
        TrialSummary trial = folder.Summary.Trials.First(trial => trial.OnFrontier);

        Assert.Equal(Layers * Schemes, grown.JobsRun == 0 ? 0 : blobs - 2); // the cells, and the uncompressed model's outputs on two ranges
        Assert.Equal(trial.SizeBytes, await folder.ExportAsync(trial.Id, _folder["small.mlpackage"], default)); // verified on the way
    }

    [Fact]
    public async Task Run_FolderWithoutASweep_IsRefusedAndNothingIsWritten()
    {
        Directory.CreateDirectory(_folder["empty"]);

        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(() => RunAsync(finished.Spec, "out", _folder["empty"]));

        Assert.Equal($"--grow {_folder["empty"]}: found no sweep, expected the result folder of one.", refused.Message);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task OpenAsync_TheLastFolderHasNoSweep_ClosesTheOthers()
    {
        SweepFolder sweep = new(finished.Folder);

        await Assert.ThrowsAsync<BadInputException>(() => EarlierJournals.OpenAsync([sweep, new SweepFolder(_folder["none"])]));
        await using (EarlierJournals journals = await EarlierJournals.OpenAsync([sweep]))
        {
            Assert.Single(journals.Journals);
            Assert.Contains(OpenFiles(), file => file.StartsWith(sweep.State, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(sweep.State, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Grown_ClosesTheEarlierFolder()
    {
        await RunAsync(finished.Spec, "grown", finished.Folder);

        Assert.DoesNotContain(OpenFiles(), file => file.StartsWith(finished.Folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_AJobThatTakesOver_SaysSoInItsOutcomeAndLeavesNothingBehind()
    {
        SweepFolder folder = new(finished.Folder);
        SweepSession session = SweepSession.Open(finished.Spec);
        await using JournalStore store = JournalStore.OpenReadOnly(folder.State);
        using SweepRecords records = new(store, session.Model, session.Record.Id);
        using ComputeThreads compute = new(1);
        LocalJobHost host = new(session, records, new FolderBlobStore(folder.Blobs), compute, _folder["tmp"]);
        QueuedJob layer = (await store.ReadJobsAsync(session.Record.Id, 0, int.MaxValue, default)).First(job => job.Job.Kind == JobKind.Layer);

        JobOutcome outcome = await host.RunAsync(new Claim(session.Record.Id, layer.Sequence, layer.Job, 1, "test"), default);

        Assert.Equal(Schemes, outcome.TakenOver);
        Assert.Equal(0, host.Uncounted);
    }

    private Task<SweepResult> RunAsync(SweepSpec spec, string output, params string[] grow) =>
        SweepRunner.RunAsync(spec, SampleSweep.Options(_folder[output]) with { Grow = [.. grow] }, null, default);

    /// <summary>Files that this process has open; Linux tells.</summary>
    private static string[] OpenFiles() => [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(entry => entry.LinkTarget ?? "")];

    private int TrialsInBoth(SweepResult grown) => TrialsInBoth(grown, finished.Result);

    /// <summary>Plans over ranges that two sweeps measured, the uncompressed model among them: each is one job of the sample sweeps.</summary>
    private static int TrialsInBoth(SweepResult one, SweepResult other) => Measured(one.Summary).Intersect(Measured(other.Summary)).Count();

    private static IEnumerable<(string, bool)> Measured(SweepSummary summary) => summary.Trials.Append(summary.Baseline)
        .SelectMany(trial => new (string, bool)[] { (trial.Id, true), (trial.Id, false) }.Where(entry => entry.Item2 || trial.Confirm is not null || trial.Kind == PlanKind.Baseline));

    /// <summary>Cells, probed cells and trials that jobs took over, as the folder's timings say.</summary>
    private (int Cells, int Probes, int Trials) TakenOver(string output)
    {
        using JsonDocument timings = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder[output], "timings.json")));
        ILookup<string, int> byKind = timings.RootElement.GetProperty("jobs").EnumerateArray().ToLookup(
            job => job.GetProperty("kind").GetString()!, job => job.GetProperty("takenOver").GetInt32());
        return (byKind["Layer"].Sum(), byKind["Probe"].Sum(), byKind["Trial"].Sum());
    }
}
