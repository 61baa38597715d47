using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests;

public sealed class ServerProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_PortThatIsTaken_SaysSoOnOneLine()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        ServerOptions options = new() { Listen = new Uri($"http://{taken.LocalEndpoint}") };

        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(() => ServerProgram.RunAsync(options, _folder.At("store"), null, [], static _ => { }, default));

        Assert.Equal($"--listen http://{taken.LocalEndpoint}/: found port {((IPEndPoint)taken.LocalEndpoint).Port} taken by another process, expected a free one.", refused.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path)); // no store was begun
    }

    [Fact]
    public async Task Run_AddressOfAnotherMachine_SaysSoAndBeginsNoStore()
    {
        AccessOptions access = new() { Oidc = new OidcOptions { Issuer = new Uri("https://login.example.com"), Audience = "sweep" }, Proxies = [IPNetwork.Parse("192.0.2.0/24")] };
        ServerOptions options = new() { Listen = new Uri("http://192.0.2.1:8443"), Access = access };

        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(() => ServerProgram.RunAsync(options, _folder.At("store"), null, [], static _ => { }, default));

        Assert.Equal("--listen http://192.0.2.1:8443/: found an address that this machine does not have, expected one of its own.", refused.Message);
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_AServerThatEndsByItself_Returns(bool works)
    {
        SiloOptions? work = works ? new SiloOptions { Store = "", Name = "own", Slots = 1 } : null;
        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0") };

        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerProgram.RunAsync(options, _folder.At("store"), work, [], static _ => { }, static builder => builder.Services.AddHostedService<FailingService>(), default).WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal("The server ended by itself; its log says why.", ended.Message);
    }

    [Fact]
    public async Task Run_ThatIsRefused_LeavesNothingBehind()
    {
        string certificate = _folder["tls.pem"], tokens = _folder["tokens"];
        await File.WriteAllTextAsync(certificate, "nothing");
        await File.WriteAllTextAsync(tokens, "nothing");
        string[] before = Directory.GetFileSystemEntries(_folder.Path);
        AccessOptions audited = new() { AuditFile = _folder["audit"] };
        ServerOptions[] refused =
        [
            new() { Listen = new Uri("http://0.0.0.0:0"), Access = audited },
            new() { Listen = new Uri("http://127.0.0.1:0"), Access = audited with { TokenFile = tokens } },
            new() { Listen = new Uri("http://127.0.0.1:0"), Access = audited with { TokenFile = _folder["absent"] } },
            new() { Listen = new Uri("https://127.0.0.1:0"), Access = audited with { CertificateFile = certificate } },
        ];

        foreach (ServerOptions options in refused)
        {
            BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => ServerProgram.RunAsync(options, _folder["store"], null, [], static _ => { }, default));
            Assert.DoesNotContain('\n', fault.Message);
            await Assert.ThrowsAsync<BadInputException>(() => SiloListener.StartAsync(options, _folder["store"], static _ => { }, default));
        }

        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public async Task Run_FolderWithWork_ServesWorksAndStops()
    {
        using CancellationTokenSource stop = new();
        List<string> notices = [];
        TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource working = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = ServerProgram.RunAsync(
            new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, _folder.At("store"), new SiloOptions { Store = "", Name = "own", Slots = 1 }, [],
            notice =>
            {
                notices.Add(notice);
                _ = notice.StartsWith("server: ", StringComparison.Ordinal) ? address.TrySetResult(notice.Split(' ')[1]) : working.TrySetResult();
            },
            stop.Token);
        using HttpClient client = new() { BaseAddress = new Uri(await address.Task) };
        await working.Task;

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/sweeps")).StatusCode);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal($"server: {client.BaseAddress.ToString().TrimEnd('/')} serves the store {_folder.At("store")}; Ctrl-C or SIGTERM stops it", notices[0]);
        Assert.Equal($"silo own: 1 slots on the store {_folder.At("store")}; Ctrl-C or SIGTERM stops it", notices[1]);
    }

    /// <summary>A part of a server that fails when all else has begun.</summary>
    private sealed class FailingService(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new IOException("No space left on device.");
        }
    }
}
