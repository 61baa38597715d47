using System.Collections.Immutable;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Logs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>A small sweep that a silo works on beside a server, scraped while it runs and when it is finished; what was sent and logged is kept. Run once for all tests that look at it.</summary>
public sealed class MeteredSweep : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _log = new();

    /// <summary>A scrape while a job ran, and one when all was done.</summary>
    internal Samples Running { get; private set; } = null!;

    internal Samples Finished { get; private set; } = null!;

    /// <summary>The last scrape's text.</summary>
    internal string FinishedText { get; private set; } = "";

    /// <summary>The same in the other form, packed.</summary>
    internal string OpenMetricsText { get; private set; } = "";

    internal string Id { get; private set; } = "";

    internal SweepSummary Summary { get; private set; } = null!;

    internal SweepStatus Status { get; private set; } = null!;

    internal ImmutableArray<QueuedJob> Jobs { get; private set; }

    internal ImmutableArray<ReceivedSpan> Spans { get; private set; }

    internal ImmutableHashSet<string> SentMetrics { get; private set; } = [];

    internal ImmutableHashSet<string> SentServices { get; private set; } = [];

    /// <summary>What was logged, line by line.</summary>
    internal string[] Log => _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task InitializeAsync()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using JournalHome home = JournalHome.Open(_folder.At("store"), TimeProvider.System);
        ILoggerFactory logs = JsonLines.Create(TextWriter.Synchronized(_log), TimeProvider.System);
        await using StoreDesk desk = new(home.Store, home.Blobs, home.Place, TimeProvider.System);
        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0"), Telemetry = new() { Service = "sweep-test", Otlp = receiver.Address }, Logs = logs };
        await using (WebApplication server = SweepServer.Build(
            options, new ServerParts(home.Store, home.Blobs, desk, []), static builder => builder.Services.AddSingleton<IHostLifetime, QuietLifetime>()))
        {
            await server.StartAsync();
            using HttpClient http = new() { BaseAddress = new Uri(server.Urls.Single()) };
            Id = (await desk.SubmitAsync(SpecReader.Read(WriteSpec(), []), SweepControl.Default, default)).Sweep.Id;
            using (await http.GetAsync("/nothing-is-here"))
            {
                await RunAsync(home, logs, http);
            }

            Summary = (await server.Services.GetRequiredService<ISweepFeeds>().SummarizeAsync(Id, default))!;
            await server.StopAsync();
        }

        Status = await home.Store.ReadStatusAsync(Id, default);
        Jobs = await home.Store.ReadJobsAsync(Id, 0, 10_000, default);
        Spans = [.. receiver.Spans];
        SentMetrics = [.. receiver.Metrics.Keys];
        SentServices = [.. receiver.Services.Keys];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(JournalHome home, ILoggerFactory logs, HttpClient http)
    {
        GatedBlobs gated = new(home.Blobs);
        CachedBlobStore blobs = new(new MeteredBlobStore(gated), _folder.At("cache"), 1 << 30, TimeProvider.System);
        SiloOptions work = new() { Store = home.Place, Name = "silo-under-test", Slots = 2, Cache = _folder.At("cache"), Logs = logs };
        using CancellationTokenSource stop = new();
        using IDisposable disk = SiloGauges.ShowDisk("cache", work.Cache), store = SiloGauges.ShowDisk("store", home.Place);
        Task silo = Silo.RunAsync(work, home.Store, blobs, static _ => { }, stop.Token);
        try
        {
            (Running, _) = await UntilAsync(http, silo, static samples => samples.Find("sweepcluster_sweep_oldest_job_seconds", "kind=\"trial\"").Any(job => job.Value > 1));
            gated.Open();
            (Finished, FinishedText) = await UntilAsync(http, silo, samples =>
                samples.Sum("sweepcluster_sweep_phase", "phase=\"finished\"") == 1 && samples.Find("sweepcluster_sweep_confirmed_drop").Any()
                && samples.Sum("sweepcluster_events_total", "kind=\"finished\"") == 1 && samples.Find("sweepcluster_layer_seconds").Any());
            using HttpRequestMessage other = new(HttpMethod.Get, "/metrics");
            other.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0"));
            other.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using HttpClient packed = new(new HttpClientHandler { AutomaticDecompression = System.Net.DecompressionMethods.GZip }) { BaseAddress = http.BaseAddress };
            using HttpResponseMessage answer = await packed.SendAsync(other);
            Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            OpenMetricsText = await answer.Content.ReadAsStringAsync();
        }
        finally
        {
            gated.Open();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo);
        }
    }

    private static async Task<(Samples Samples, string Text)> UntilAsync(HttpClient http, Task silo, Func<Samples, bool> isThere)
    {
        for (long start = TimeProvider.System.GetTimestamp(); ;)
        {
            string text = await http.GetStringAsync("/metrics");
            Samples samples = new(text);
            if (isThere(samples))
            {
                return (samples, text);
            }

            Assert.True(!silo.IsCompleted && TimeProvider.System.GetElapsedTime(start) < s_patience, $"The silo is {silo.Status} ({silo.Exception}), and this is not what was waited for:\n{text}");
            await Task.Delay(200);
        }
    }

    private string WriteSpec()
    {
        string path = _folder.At("metered.yaml");
        File.WriteAllText(path, $$$"""
            name: metered
            model: {{{Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage")}}}
            data: {path: {{{SharedData.Samples}}}/resnet20/test-2000.npz}
            objective: {metric: top1, max_drop: 5.0}
            samples: {probe: 32, choice: 100, confirm: 100}
            seed: 7
            schemes:
              - palettize: {nbits: [4, 6], granularity: per_tensor}
              - quantize: {dtype: int8, granularity: per_channel}
            search: {uniform: true, greedy: {plans: 2}}
            """);
        return path;
    }
}
