using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SweepCluster.Server.Access;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

/// <summary>The whole server, over a store in a folder, on a port of this machine.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _server;
    private readonly ServerHome _home;

    private TestServer(WebApplication server, ServerHome home, TemporaryFolder folder)
    {
        (_server, _home, _folder) = (server, home, folder);
        Address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => _server.Services;

    public ServerHome Home => _home;

    public static async Task<TestServer> StartAsync(AccessOptions? access = null)
    {
        TemporaryFolder folder = new();
        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0"), Access = access ?? new AccessOptions() };
        ServerHome home = await ServerHome.OpenAsync(folder["store"], TimeProvider.System, [], CancellationToken.None);
        WebApplication server = SweepServer.Build(options, home.Parts, static builder => builder.Services.AddSingleton<IHostLifetime, QuietLifetime>());
        await server.StartAsync();
        return new TestServer(server, home, folder);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource hurry = new(TimeSpan.FromSeconds(1));
        await _server.StopAsync(hurry.Token);
        await _server.DisposeAsync();
        await _home.DisposeAsync();
        _folder.Dispose();
    }
}
