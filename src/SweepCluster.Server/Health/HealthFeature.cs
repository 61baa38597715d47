using Microsoft.AspNetCore.Builder;

namespace SweepCluster.Server.Health;

/// <summary>Whether this process is alive, and whether it is ready.</summary>
internal static class HealthFeature
{
    /// <summary>Maps its endpoints.</summary>
    internal static void Map(WebApplication server, ServerParts parts)
    {
        _ = server;
        _ = parts;
    }
}
