using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Tests.Feeds;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>What streams do while the store is away.</summary>
public sealed class StoreOutageTests : IAsyncLifetime
{
    private static readonly StoreUnavailableException s_away = new("the store does not answer.", null);

    private readonly TemporaryFolder _folder = new();
    private JournalHome _home = null!;
    private GatedStore _store = null!;
    private StoreDesk _desk = null!;
    private WebApplication _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _home = JournalHome.Open(_folder.At("store"), TimeProvider.System);
        _store = new GatedStore(_home.Store);
        _store.Open();
        _desk = new StoreDesk(_store, _home.Blobs, _home.Place, TimeProvider.System);
        _server = SweepServer.Build(
            new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, new ServerParts(_store, _home.Blobs, _desk, []),
            static builder => builder.Services.AddSingleton<IHostLifetime, QuietLifetime>());
        await _server.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_server.Urls.Single()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _desk.DisposeAsync();
        await _home.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Live_BeforeItBegins_IsUnavailable()
    {
        _store.Fault = s_away;

        using HttpResponseMessage answer = await _client.GetAsync("/live/", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Theory]
    [InlineData("/live/")]
    [InlineData("/api/v1/changes")]
    public async Task Stream_WhileItRuns_EndsInOrder(string address)
    {
        using HttpResponseMessage answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
        Assert.StartsWith("event: ", await reader.ReadLineAsync(), StringComparison.Ordinal);

        _store.Fault = s_away;

        Assert.EndsWith("\n\n", await reader.ReadToEndAsync(), StringComparison.Ordinal); // throws where the connection was cut
    }
}
