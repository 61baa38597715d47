using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Silos;
using SweepCluster.Server.Api.Streams;
using SweepCluster.Server.Api.Sweeps;

namespace SweepCluster.Server.Api;

/// <summary>The HTTP API.</summary>
internal static class ApiFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        _ = options;
        services.AddSingleton<SweepFinder>();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // so that the answer says what was wrong
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
    }

    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server)
    {
        server.UseMiddleware<ProblemMiddleware>();
        SweepEndpoints.Map(server);
        StreamEndpoints.Map(server);
        SiloEndpoints.Map(server);
    }
}
