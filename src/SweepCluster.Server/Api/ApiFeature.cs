using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SweepCluster.Server.Api;

/// <summary>The HTTP API.</summary>
internal static class ApiFeature
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
