using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Sweeps;

/// <summary>A server on a free port of this machine, over a store in a temporary folder or a database, and a silo for as long as a test wants.</summary>
public sealed class TinyServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServerOptions _options;
    private readonly string _store;
    private ServerHome _home = null!;
    private WebApplication _server = null!;

    private TinyServer(ServerOptions options, string? store)
    {
        _options = options;
        _store = store ?? _folder.At("store");
    }

    /// <summary>Asks the server.</summary>
    internal HttpClient Client { get; private set; } = null!;

    internal ServerParts Parts => _home.Parts;

    internal WebApplication Application => _server;

    /// <summary>A path in a folder of the test's own.</summary>
    internal string At(params string[] parts) => _folder.At(parts);

    /// <summary>Starts one.</summary>
    internal static async Task<TinyServer> StartAsync(string? store = null, ServerOptions? options = null)
    {
        TinyServer server = new((options ?? new ServerOptions()) with { Listen = new Uri("http://127.0.0.1:0") }, store);
        await server.StartAsync();
        return server;
    }

    /// <summary>Stops it and starts another on the same store.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Hands the tiny sweep in, from this machine's files.</summary>
    internal async Task<string> SubmitAsync(string name = "tiny", int seed = 7, SweepControl? control = null)
    {
        string path = At($"{name}.yaml");
        await File.WriteAllTextAsync(path, SpecOf(name, seed));
        return (await Parts.Desk.SubmitAsync(SpecReader.Read(path, []), control ?? SweepControl.Default, default)).Sweep.Id;
    }

    /// <summary>Works on the store's sweeps until every one that runs is finished.</summary>
    internal async Task WorkAsync()
    {
        using CancellationTokenSource stop = new();
        Task working = Work(stop.Token);
        long seen = 0;
        while ((await Parts.Desk.ListAsync(default)).Any(sweep => sweep.Phase == "running"))
        {
            seen = await SweepWatch.ChangeAsync(Parts.Store, seen, TimeProvider.System, default);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
    }

    /// <summary>Works until it is told to stop.</summary>
    internal Task Work(CancellationToken stop, int slots = 2) =>
        Silo.RunAsync(new SiloOptions { Store = "the test's", Name = "tiny-silo", Slots = slots }, Parts.Store, Parts.Blobs, static _ => { }, stop);

    /// <summary>The spec of a sweep of a few seconds on the sample model.</summary>
    internal static string SpecOf(string name, int seed, string model = "", string data = "") => $$$"""
        name: {{{name}}}
        model: {{{(model.Length > 0 ? model : Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"))}}}
        data: {path: {{{(data.Length > 0 ? data : Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz"))}}}}
        objective: {metric: top1, max_drop: 5.0}
        samples: {probe: 32, choice: 200, confirm: 200}
        seed: {{{seed}}}
        schemes:
          - palettize: {nbits: [2, 4, 6], granularity: per_tensor}
          - quantize: {dtype: [int8, int4], granularity: per_channel}
        search: {uniform: true, greedy: {plans: 3}}
        """;

    /// <summary>Stops everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        _home = await ServerHome.OpenAsync(_store, _options.Time, [], default);
        _server = SweepServer.Build(_options, _home.Parts);
        await _server.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_server.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _home.DisposeAsync();
    }
}
