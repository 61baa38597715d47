using System.Net;
using System.Net.Sockets;
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

        Assert.StartsWith($"--listen http://{taken.LocalEndpoint}/: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_AServerThatEndsByItself_Returns(bool works)
    {
        SiloOptions? work = works ? new SiloOptions { Store = "", Name = "own", Slots = 1 } : null;
        ServerOptions options = new() { Listen = new Uri("http://127.0.0.1:0"), Time = new FaultyTime() };

        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerProgram.RunAsync(options, _folder.At("store"), work, [], static _ => { }, default).WaitAsync(TimeSpan.FromMinutes(1)));

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

    /// <summary>A clock on which what looks every second cannot begin, so that a background service of the server fails.</summary>
    private sealed class FaultyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == TimeSpan.FromSeconds(1) ? throw new NotSupportedException("No such timer.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
