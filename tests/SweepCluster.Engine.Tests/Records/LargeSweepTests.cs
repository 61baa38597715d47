using System.Globalization;
using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Tests.Runs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Trials;
using SweepCluster.Testing;
using Xunit.Abstractions;

namespace SweepCluster.Engine.Tests.Records;

/// <summary>
/// What a sweep of many trials keeps and allocates, measured while no other test runs and written to the test's output. Bounds on what is allocated, and on a journal's places, are a little over
/// twice what was measured. What is kept of a trial differs by a tenth from run to run and is bounded by half as much again: a job's text, 700 bytes kept for each, is more than that.
/// </summary>
[Collection("alone")]
public sealed class LargeSweepTests(ITestOutputHelper output) : IDisposable
{
    private const int Round = 2_000, Rounds = 20, Trials = Round * Rounds;

    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_OfManyTrials_KeepsAFewHundredBytesOfEach()
    {
        SweepModel model = SweepModel.Open(SampleSweep.Spec(_folder));
        await using JournalStore store = JournalStore.Open(_folder["state"], TimeProvider.System);
        SweepRecord sweep = new("a", "a", "", "", null, "", "{}");
        await store.AddSweepAsync(sweep, SweepControl.Default, [TrialJob(Plan.Baseline, 0)], default);
        await RunAsync(store);
        using SweepRecords records = new(store, model, sweep.Id);
        await records.CatchUpAsync(default);

        long before = GC.GetTotalMemory(forceFullCollection: true), text = 0;
        List<long> states = [];
        for (int round = 0; round < Rounds; round++)
        {
            Job[] jobs = [.. Enumerable.Range(1 + (round * Round), Round).Select(number => TrialJob(RandomPlan(model, number), number))];
            text += jobs.Sum(job => (long)job.Payload.Length);
            await store.AppendJobsAsync("a", 1 + (round * Round), jobs, default);
            await RunAsync(store);
            await records.CatchUpAsync(default);
            states.Add(Allocated(() => Assert.Equal((round + 1) * Round, records.ToState().Plans.Length)));
        }

        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / Trials;
        output.WriteLine($"kept {kept} of each trial (job {text / Trials}), for a search's look {states[^1] / Trials} of each");
        Assert.True(kept < 1_350, $"{kept} bytes are kept of each trial, whose job has {text / Trials} characters."); // measured 815 to 920
        Assert.True(states[^1] < 60 * Trials, $"{states[^1]} bytes are allocated for what a search looks at."); // 24

        SweepSummary? summary = null;
        long summarized = Allocated(() => summary = SummaryFactory.Build(model, sweep, records)) / Trials;
        Assert.Equal(Trials, summary!.Trials.Length);
        output.WriteLine($"allocated to summarize {summarized} of each trial");
        Assert.True(summarized < 1_500, $"{summarized} bytes are allocated to summarize each trial."); // 680 to 710
    }

    [Fact]
    public async Task Open_AJournalOfManyJobs_ReadsItOnceAndKeepsPlaces()
    {
        SweepModel model = SweepModel.Open(SampleSweep.Spec(_folder));
        await using (JournalStore store = JournalStore.Open(_folder["state"], TimeProvider.System))
        {
            await store.AddSweepAsync(new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default, [.. Enumerable.Range(0, Trials).Select(number => TrialJob(RandomPlan(model, number), number))], default);
            await RunAsync(store);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        JournalStore? opened = null;
        long allocated = Allocated(() => opened = JournalStore.OpenReadOnly(_folder["state"])) / Trials;
        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / Trials;

        await using JournalStore reader = opened!;
        Assert.Equal(new SweepStatus(Trials, Trials, 0), (await reader.ReadStatusAsync("a", default)) with { Added = null });
        output.WriteLine($"kept {kept} of each job, allocated to read {allocated} of each");
        Assert.True(kept < 200, $"{kept} bytes are kept of each job."); // 90
        Assert.True(allocated < 2_000, $"{allocated} bytes are allocated to read each job."); // 860
    }

    private static long Allocated(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task RunAsync(JournalStore store)
    {
        while (await store.ClaimAsync(ClaimFilter.Any, "test", Round, s_lease, default) is { IsEmpty: false } claims)
        {
            await Task.WhenAll(claims.Select(claim => store.TryRecordAsync(claim, Result((int)claim.Sequence), [], default)));
        }
    }

    private static Job TrialJob(Plan plan, int number) => new(
        JobKind.Trial, JobKeys.Hash($"trial {number}"), JsonSerializer.Serialize(new JobPayloads.Trial(plan, SampleRange.Choice, 0, 100), EngineJson.Default.TrialPayload));

    private static Plan RandomPlan(SweepModel model, int number)
    {
        Random random = new(number);
        return Plan.Create(
            PlanKind.Mixed, string.Create(CultureInfo.InvariantCulture, $"mixed-{number}"),
            model.Space.Layers.Select(layer => KeyValuePair.Create(layer.Name, (Scheme)new MagnitudePruneScheme(random.Next(1, 1000) / 1000.0)))); // so many that no two plans are alike
    }

    private static JobResult Result(int number) => JobResult.Of(JsonSerializer.Serialize(
        new JobResults.Trial(
            1_000_000 - (number % 7919), JobKeys.Hash($"weights {number}"),
            new OutcomeTally { Samples = 100, Agreeing = 90, Top1 = new PairedCounts(80, number % 11, 1, 19 - (number % 11)), Kl = new ValueSums(1, 0.1) }, null, null),
        EngineJson.Default.TrialResult));
}
