using System.Net;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Health;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Server.Tests.Health;

/// <summary>What a process says of itself while its store comes and goes.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silo_IsReadyWhileItIsHeardOfInTheStore()
    {
        PostgresServer database = await PostgresServer.StartAsync();
        string store = await database.CreateDatabaseAsync();
        await using SiloListener listener = await SiloListener.StartAsync(new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, store, static _ => { }, default);
        using HttpClient client = new() { BaseAddress = new Uri(listener.Addresses.Single()) };
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: the silo has not reached the store yet\n"), await AskAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "well\n"), await AskAsync(client, "/healthz"));

        Task silo = Silo.RunAsync(listener.Watch(new SiloOptions { Store = store, Name = "watched", Slots = 1, Cache = _folder["cache"] }), static _ => { }, _stop.Token);
        await UntilAsync(client, HttpStatusCode.OK, silo);

        await database.PauseAsync();
        string fault = await UntilAsync(client, HttpStatusCode.ServiceUnavailable, silo);
        Assert.StartsWith("not ready: ", fault, StringComparison.Ordinal);
        Assert.Contains("store", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal); // of the connection string
        Assert.Equal(1, fault.Count(letter => letter == '\n'));
        Assert.Equal((HttpStatusCode.OK, "well\n"), await AskAsync(client, "/healthz"));

        await database.ResumeAsync();
        await UntilAsync(client, HttpStatusCode.OK, silo);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: the silo has left the cluster\n"), await FreshAsync(client, "the silo has left"));
        await database.PauseAsync();
    }

    [Fact]
    public async Task Server_BesideADatabase_IsReadyWhileItAnswers()
    {
        PostgresServer database = await PostgresServer.StartAsync();
        (Task server, HttpClient client) = await ServeAsync(await database.CreateDatabaseAsync(), null);
        using HttpClient owned = client;
        await UntilAsync(client, HttpStatusCode.OK, server);

        await database.PauseAsync();

        string fault = await UntilAsync(client, HttpStatusCode.ServiceUnavailable, server);
        Assert.StartsWith("not ready: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "well\n"), await AskAsync(client, "/healthz"));
        await database.ResumeAsync();
        await UntilAsync(client, HttpStatusCode.OK, server);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
        await database.PauseAsync();
    }

    [Fact]
    public async Task Server_OnAFolder_IsReady()
    {
        (Task server, HttpClient client) = await ServeAsync(_folder["store"], null);
        using HttpClient owned = client;

        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "well\n"), await AskAsync(client, "/healthz"));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public async Task Server_WithACheckThatFindsAFault_SaysWhat()
    {
        (Task server, HttpClient client) = await ServeAsync(_folder["store"], new Fault("the cluster\nhas no silo"));
        using HttpClient owned = client;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: the cluster has no silo\n"), await AskAsync(client, "/readyz"));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    // Asks until there is such an answer; a process that ended fails the test with its own fault.
    private static async Task<string> UntilAsync(HttpClient client, HttpStatusCode status, Task process)
    {
        while (true)
        {
            (HttpStatusCode found, string text) = await AskAsync(client, "/readyz");
            if (found == status)
            {
                return text;
            }

            if (process.IsCompleted)
            {
                await process;
            }

            await Task.Delay(100);
        }
    }

    // An answer may be a second old.
    private static async Task<(HttpStatusCode Status, string Text)> FreshAsync(HttpClient client, string text)
    {
        (HttpStatusCode Status, string Text) answer = await AskAsync(client, "/readyz");
        for (int attempt = 0; attempt < 600 && !answer.Text.Contains(text, StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(100);
            answer = await AskAsync(client, "/readyz");
        }

        return answer;
    }

    private async Task<(Task Server, HttpClient Client)> ServeAsync(string store, IReadinessCheck? check)
    {
        TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task server = ServerProgram.RunAsync(
            new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, store, null, check is null ? [] : [check], notice => address.TrySetResult(notice.Split(' ')[1].TrimEnd(',')), _stop.Token);
        await await Task.WhenAny(address.Task, server);
        return (server, new HttpClient { BaseAddress = new Uri(await address.Task) });
    }

    private sealed class Fault(string text) : IReadinessCheck
    {
        public Task<string?> FindFaultAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(text);
    }
}
