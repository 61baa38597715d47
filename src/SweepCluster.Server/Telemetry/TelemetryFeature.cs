using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SweepCluster.Server.Access;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Telemetry;

/// <summary>Metrics and traces of a process.</summary>
internal static class TelemetryFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options) => AddPipeline(services, options)
        .AddHostedService(provider => new ClusterTeller(provider.GetRequiredService<ServerParts>(), provider.GetRequiredService<ISweepFeeds>(), options.Time, provider.GetRequiredService<ILogger<ClusterTeller>>()));

    /// <summary>Adds what listens to the process's meters.</summary>
    internal static IServiceCollection AddPipeline(IServiceCollection services, ServerOptions options) => services.AddSingleton(_ => new TelemetryPipeline(options.Telemetry));

    /// <summary>Puts it before everything that answers, refusals too.</summary>
    internal static void Use(WebApplication server) => RequestSpans.Use(server);

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server) => MapMetrics(server, server.Services.GetRequiredService<TelemetryPipeline>()); // which listens from here on

    /// <summary>Maps <c>/metrics</c>.</summary>
    internal static void MapMetrics(WebApplication server, TelemetryPipeline pipeline)
    {
        Scrapes scrapes = pipeline.Scrapes;
        RequiredScope.On(server.MapGet(MetricsEndpoint.Path, (HttpContext context) => MetricsEndpoint.AnswerAsync(context, scrapes)), AccessScope.Read).ExcludeFromDescription();
    }
}
