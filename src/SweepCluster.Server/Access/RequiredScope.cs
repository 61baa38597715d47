using Microsoft.AspNetCore.Builder;

namespace SweepCluster.Server.Access;

/// <summary>Metadata of an endpoint: what a caller must be allowed to do. An endpoint without it answers nobody.</summary>
/// <param name="Scope">The scope; null: anybody, signed in or not.</param>
internal sealed record RequiredScope(AccessScope? Scope)
{
    /// <summary>Says what the endpoints' callers must be allowed to do.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints, AccessScope? scope)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiredScope(scope));
}
