using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Audit;

namespace SweepCluster.Server.Health;

/// <summary>Whether this process is alive, and whether it is ready.</summary>
internal static class HealthFeature
{
    internal const string Alive = "/healthz", Ready = "/readyz";

    /// <summary>Maps its endpoints for a server.</summary>
    internal static void Map(WebApplication server, ServerParts parts) => Map(server, [new StoreCheck(parts.Store), .. parts.Checks]);

    /// <summary>Maps its endpoints for whatever process, as a silo that listens.</summary>
    /// <param name="server">What listens; it has the services of <see cref="AccessFeature"/>.</param>
    /// <param name="checks">What must be well for the process to be ready; the first fault is told.</param>
    internal static void Map(WebApplication server, IReadOnlyList<IReadinessCheck> checks) =>
        Map(server, new Readiness([.. checks, server.Services.GetRequiredService<AuditLog>()], server.Services.GetRequiredService<ServerOptions>().Time));

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server, Readiness readiness)
    {
        RequiredScope.On(server.MapGet(Alive, () => Results.Text("well\n")).ExcludeFromDescription(), null); // this process alone: a store that is away is no reason to start it again
        RequiredScope.On(server.MapGet(Ready, context => AnswerAsync(context, readiness)).ExcludeFromDescription(), null);
    }

    private static async Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        string? fault = await readiness.FindFaultAsync(context.RequestAborted);
        context.Response.StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(fault is null ? "ready\n" : $"not ready: {fault}\n", context.RequestAborted);
    }
}
