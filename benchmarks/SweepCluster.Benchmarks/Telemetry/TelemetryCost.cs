using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Server;
using SweepCluster.Server.Telemetry;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Benchmarks.Telemetry;

/// <summary>What telling costs: a scrape of a process with 100 sweeps, and empty trials a second with and without instruments and somebody who listens. Best of several rounds, for a machine that does other things.</summary>
internal static class TelemetryCost
{
    private const int Sweeps = 100, Layers = 20, Schemes = 8, Trials = 60, Points = 15;
    private const int Scrapes = 60;
    private const int Jobs = 50_000, Rounds = 6;
    private const string Payload = """{"plan":{"kind":"Uniform","label":"pal4","schemes":{}},"range":"Choice","start":0,"count":512}""";
    private const string Result = "{\"sizeBytes\":123456,\"weightsHash\":\"cd8d7a5fa03125509a71c0fb734dc3925fe4077a5ebd374cc40677fb8fb87937\",\"tally\":{\"samples\":512,\"agreeing\":500}}";

    internal static async Task RunAsync()
    {
        await ScrapeAsync();
        await WorkAsync();
    }

    private static async Task ScrapeAsync()
    {
        ImmutableArray<ToldSweep> told = [.. Enumerable.Range(0, Sweeps).Select(Make)];
        using IDisposable teller = SweepGauges.Add(() => told);
        await using SiloListener listener = await SiloListener.StartAsync(new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, null, static _ => { }, default);
        foreach (DecompressionMethods packing in (DecompressionMethods[])[DecompressionMethods.None, DecompressionMethods.GZip])
        {
            using HttpClient http = new(new HttpClientHandler { AutomaticDecompression = packing }) { BaseAddress = new Uri(listener.Addresses.Single()) };
            List<double> times = [];
            byte[] text = [];
            for (int i = 0; i < Scrapes; i++)
            {
                long start = Stopwatch.GetTimestamp();
                text = await http.GetByteArrayAsync("/metrics");
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            Console.WriteLine(
                $"scrape of {Sweeps} sweeps, {(packing == DecompressionMethods.None ? "plain" : "gzip")}: best {times[0]:F1} ms, median {times[times.Count / 2]:F1} ms, longest {times[^1]:F1} ms; {text.Length / 1e6:F2} MB, {text.AsSpan().Count((byte)'\n')} lines");
        }
    }

    private static async Task WorkAsync()
    {
        double plain = 0, silent = 0, heard = 0;
        for (int round = 0; round < Rounds; round++)
        {
            plain = Math.Max(plain, await RateAsync(static store => store, static _ => { }));
            silent = Math.Max(silent, await RateAsync(static store => new MeteredStore(store), WorkMetrics.Finish));
            using TelemetryPipeline pipeline = new(new TelemetryOptions());
            heard = Math.Max(heard, await RateAsync(static store => new MeteredStore(store), WorkMetrics.Finish));
        }

        Console.WriteLine($"empty trials a second: {plain:F0} without instruments, {silent:F0} with, {heard:F0} with somebody who listens ({heard / plain:P1} of the first)");
    }

    private static async Task<double> RateAsync(Func<ISweepStore, ISweepStore> front, Action<FinishedJob> finished)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-benchmark-").FullName;
        try
        {
            await using JournalStore store = JournalStore.Open(folder, TimeProvider.System);
            Job[] jobs = [.. Enumerable.Range(0, Jobs).Select(index => new Job(JobKind.Trial, $"{index:x64}", Payload))];
            await store.AddSweepAsync(new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default, jobs, default);
            long start = Stopwatch.GetTimestamp();
            await new JobLoop(front(store), new EmptyHost(), new JobLoopOptions { Slots = 2, Silo = "benchmark" }, TimeProvider.System, finished).RunAsync("a", default);
            return Jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ToldSweep Make(int number)
    {
        Random random = new(number);
        string[] schemes = [.. Enumerable.Range(0, Schemes).Select(index => $"palettize(nbits={index + 1}, granularity=per_tensor)")];
        Estimate Near(double value) => new(value + (random.NextDouble() / 100), value, value + 0.02, 1000);
        TrialSummary Trial(int index) => new()
        {
            Id = $"{(number * 1000) + index:x16}",
            Label = $"mixed-{index:000}",
            Kind = PlanKind.Mixed,
            Schemes = ImmutableDictionary<string, string>.Empty,
            SizeBytes = 100_000 + (index * 5_000L),
            CompressionRatio = 3,
            WeightsHash = new string('a', 64),
            Choice = new MetricSummary(new Dictionary<string, Estimate> { ["top1"] = Near(0.9) }, Near(0.01)),
            Confirm = index < Points ? new MetricSummary(new Dictionary<string, Estimate> { ["top1"] = Near(0.9) }, Near(0.01)) : null,
            OnFrontier = index < Points,
            BeatsUniform = true,
            Failure = null,
        };
        SweepSummary summary = new()
        {
            Name = $"sweep {number}",
            Provenance = new Provenance("0.1.0", "m", "h", "f", "t", null, null, 1, 1, 1, 1, ""),
            Metric = "top1",
            Higher = true,
            MaxDrop = 0.01,
            Baseline = Trial(Trials) with { Kind = PlanKind.Baseline, OnFrontier = false },
            Trials = [.. Enumerable.Range(0, Trials).Select(Trial)],
            Recommendation = new Recommendation(null, null, "", []),
            Layers = [],
            Schemes = [.. schemes.Select((scheme, index) => new SchemeSummary(scheme, $"pal{index + 1}", "palettize"))],
            Sensitivities = [.. Enumerable.Range(0, Layers).SelectMany(layer => schemes.Select(scheme =>
                new SensitivitySummary($"layer{layer}_conv_weight", scheme, 1000, 20, Near(0.1), Near(0.05), Near(0.9), null)))],
            LeftAlone = [],
            Notices = [],
        };
        SweepRecord record = new($"{number:x16}", $"sweep {number}", "", "", null, "0.1.0", "{}");
        SweepProgress progress = new(SweepStage.Mixed, 300, 500, 0.6, 1000, TimeSpan.FromMinutes(3), new BestPoint(summary.Trials[3].Id, "mixed-003", 115_000, 3, Near(0.01)), 0);
        return new ToldSweep(
            new SweepListing(record, new SweepStatus(500, 300, 8)), progress, summary,
            Enumerable.Range(0, Layers).Select(static layer => KeyValuePair.Create($"layer{layer}_conv_weight", TimeSpan.FromSeconds(layer + 0.5))));
    }

    private sealed class EmptyHost : IJobHost
    {
        public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Of(JobResult.Of(Result)));
    }
}
