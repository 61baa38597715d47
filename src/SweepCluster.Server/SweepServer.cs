using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Health;
using SweepCluster.Server.Pages;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server;

/// <summary>Puts a server together from its features; each has one method that adds its services and one that maps its endpoints.</summary>
internal static class SweepServer
{
    /// <summary>A server that is not started.</summary>
    /// <param name="options">How it is started.</param>
    /// <param name="parts">What it stands on.</param>
    /// <param name="host">Changes the builder before anything is built, as tests do.</param>
    internal static WebApplication Build(ServerOptions options, ServerParts parts, Action<WebApplicationBuilder>? host = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        AccessFeature.Listen(builder, options);
        builder.Services.AddSingleton(options.Logs);
        host?.Invoke(builder);
        FeedsFeature.Add(builder.Services, options, parts with { Store = new MeteredStore(parts.Store) });
        AccessFeature.Add(builder.Services, options);
        TelemetryFeature.Add(builder.Services, options);
        ApiFeature.Add(builder.Services, options);
        PagesFeature.Add(builder.Services, options);

        WebApplication server = builder.Build();
        TelemetryFeature.Use(server);
        AccessFeature.Use(server); // before everything: who asks, how often, with what
        TelemetryFeature.Map(server);
        HealthFeature.Map(server, parts);
        ApiFeature.Map(server);
        PagesFeature.Map(server);
        return server;
    }
}
