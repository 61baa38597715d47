using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SweepCluster.Server.Telemetry;

/// <summary>Metrics and traces of a process.</summary>
internal static class TelemetryFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        _ = services;
        _ = options;
    }

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server) => _ = server;
}
