using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>A server whose one sweep has as many trials as a test wants, and grows by hand.</summary>
internal sealed class LargeSweepServer : IAsyncDisposable
{
    internal const string SweepId = "00000000000000aa";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeFeeds _feeds = new();
    private readonly ServerHome _home;
    private readonly WebApplication _server;
    private long _version;

    private LargeSweepServer()
    {
        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0") };
        _home = ServerHome.OpenAsync(_folder.At("store"), TimeProvider.System, [], default).GetAwaiter().GetResult(); // a folder opens at once
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        AccessFeature.Listen(builder, options);
        FeedsFeature.Add(builder.Services, options, _home.Parts);
        AccessFeature.Add(builder.Services, options);
        ApiFeature.Add(builder.Services, options);
        PagesFeature.Add(builder.Services, options);
        builder.Services.AddSingleton<ISweepFeeds>(_feeds);
        _server = builder.Build();
        AccessFeature.Use(_server);
        PagesFeature.Map(_server);
    }

    /// <summary>The sweep's page.</summary>
    internal Uri Page => new(new Uri(_server.Urls.First()), $"/sweeps/{SweepId}");

    internal static async Task<LargeSweepServer> StartAsync(int trials)
    {
        LargeSweepServer server = new();
        server.Show(trials);
        await server._server.StartAsync();
        return server;
    }

    /// <summary>The sweep has so many trials now.</summary>
    /// <param name="trials">Trials.</param>
    /// <param name="best">The best so far as the progress knows it, which may be newer than what is summarized.</param>
    internal void Show(int trials, BestPoint? best = null)
    {
        SweepSummary sample = SampleSummary.Create();
        TrialSummary model = sample.Trials.First(trial => trial.Kind == PlanKind.Mixed && trial.Choice is not null);
        SweepSummary summary = sample with { Trials = [.. sample.Trials, .. Enumerable.Range(0, trials - sample.Trials.Length).Select(number => Behind(model, number))] };
        SweepRecord record = new(SweepId, "large", "spec", new string('a', 64), new string('b', 64), "1", "{}");
        SweepListing listing = new(record, new SweepStatus(trials + 100, trials, 4) { Added = DateTimeOffset.UnixEpoch });
        SweepProgress progress = new(SweepStage.Mixed, trials, trials + 100, 0.9, 1234, TimeSpan.FromMinutes(3), best, 0);
        _feeds.Move(new SweepState(++_version, listing, progress, trials, ImmutableArray<BestPoint>.Empty), summary);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _home.DisposeAsync();
        _folder.Dispose();
    }

    // Behind the frontier of the sample: larger than what it was made from and a little worse, in sizes that repeat.
    private static TrialSummary Behind(TrialSummary model, int number)
    {
        double drop = model.Choice!.Drop.Value + 0.01 + (number % 977 / 10_000.0);
        return model with
        {
            Id = number.ToString("x16", CultureInfo.InvariantCulture),
            Label = $"mixed-{number + 1000}",
            SizeBytes = model.SizeBytes + (number % 499 * 1000),
            Choice = SampleSummary.Metrics(SampleSummary.BaselineTop1 - drop, drop, 1000) with { Drop = new Estimate(drop, drop - 0.01, drop + 0.01, 1000) },
            Confirm = null,
            OnFrontier = false,
            BeatsUniform = false,
        };
    }
}
