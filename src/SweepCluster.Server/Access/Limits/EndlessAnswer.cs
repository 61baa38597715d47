using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;

namespace SweepCluster.Server.Access.Limits;

/// <summary>Metadata of an endpoint that answers without end: it takes a seat, may take any time, and ends when its caller's sign-in does.</summary>
internal sealed record EndlessAnswer
{
    /// <summary>Says that endpoints answer without end.</summary>
    internal static TBuilder On<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new EndlessAnswer(), new DisableRequestTimeoutAttribute());
}
