using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;

namespace SweepCluster.Server.Access.Limits;

/// <summary>Endpoints that take or give large content, or that work on it: they may take any time, as long as bytes flow where bytes are to flow.</summary>
internal static class Transfer
{
    /// <summary>Says that endpoints give large content.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new DisableRequestTimeoutAttribute());

    /// <summary>Says that endpoints take bodies of another size than usual.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints, long bodyBytes)
        where TBuilder : IEndpointConventionBuilder => On(endpoints.WithMetadata(new BodyLimit(bodyBytes)));

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
