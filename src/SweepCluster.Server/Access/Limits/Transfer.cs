using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;

namespace SweepCluster.Server.Access.Limits;

/// <summary>Metadata of an endpoint that takes or gives large content: it may take any time, as long as bytes flow, and takes bodies of this size.</summary>
/// <param name="MaxRequestBodySize">Most bytes of a body; null: the server's own limit.</param>
internal sealed record Transfer(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>Says that endpoints take or give large content.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints, long? bodyBytes = null)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new Transfer(bodyBytes), new DisableRequestTimeoutAttribute());
}
