using Microsoft.AspNetCore.Builder;

namespace SweepCluster.Server.Access.Headers;

/// <summary>Metadata of an endpoint that answers a whole document with styles and scripts within it, as a report's file: the browser shows it in a sandbox, as of a site of its own that may ask nothing of this one.</summary>
internal sealed record OwnDocument
{
    /// <summary>Says that endpoints answer such documents.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new OwnDocument());
}
