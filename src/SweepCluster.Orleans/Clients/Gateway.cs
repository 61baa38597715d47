using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Membership;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Clients;

/// <summary>A process that asks the cluster and does no work of its own: a client of Orleans, with an HTTP server that says whether both are well.</summary>
public static class Gateway
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2); // for an answer to "are you ready"

    /// <summary>Serves until it is stopped.</summary>
    /// <param name="options">Where the store is and where to listen.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BadInputException">The store cannot be used, or the address to listen on.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task RunAsync(GatewayOptions options, Action<string> notice, CancellationToken cancellationToken)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(options.Store, options.Time, cancellationToken);
        string clusterId = await OrleansSchema.EnsureAsync(database, cancellationToken);
        await using ClusterConnection cluster = new(options.Store, clusterId, options.Time);
        await using WebApplication server = Build(options, database, cluster);
        await StartAsync(server, options, cancellationToken);
        notice($"gateway: {options.Listen.GetLeftPart(UriPartial.Authority)} answers /healthz and /readyz; Ctrl-C or SIGTERM stops it");
        try
        {
            int silos = await cluster.ConnectAsync(cancellationToken);
            notice($"gateway: connected to the cluster {clusterId} over the store {database.Place}, {silos} silos");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            await server.StopAsync(CancellationToken.None);
        }
    }

    private static WebApplication Build(GatewayOptions options, PostgresDatabase database, ClusterConnection cluster)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseUrls(options.Listen.ToString());
        WebApplication server = builder.Build();
        server.MapGet("/healthz", () => "well\n"); // this process alone: a store that is away is no reason to start it again
        server.MapGet("/readyz", context => AnswerAsync(context, database, cluster));
        return server;
    }

    private static async Task StartAsync(WebApplication server, GatewayOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"--listen {options.Listen}: {JobFailures.Describe(error)}; expected an address of this machine and a free port, as http://127.0.0.1:8080.", error);
        }
    }

    private static async Task AnswerAsync(HttpContext context, PostgresDatabase database, ClusterConnection cluster)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(s_patience);
        string answer;
        try
        {
            await database.QueryAsync("SELECT 1", [], row => row.GetInt32(0), limit.Token);
            answer = await cluster.CountSilosAsync(limit.Token) is > 0 and int silos ? $"ready: {silos} silos\n" : "";
            answer = answer.Length > 0 ? answer : "not ready: the cluster has no silo\n";
        }
        catch (Exception error) when (error is OperationCanceledException or SweepException || GrainCalls.MayPass(error))
        {
            answer = error is SweepException ? $"not ready: {error.Message}\n" : "not ready: the store or the cluster does not answer\n";
        }

        context.Response.StatusCode = answer.StartsWith("ready", StringComparison.Ordinal) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
