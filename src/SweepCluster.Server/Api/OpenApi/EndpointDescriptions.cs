using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Api.OpenApi;

/// <summary>What the OpenAPI document says of an endpoint, and who may call it.</summary>
internal static class EndpointDescriptions
{
    private static readonly ProblemKind[] s_always = [ProblemKind.NotSignedIn, ProblemKind.Forbidden, ProblemKind.TooMany, ProblemKind.Failed, ProblemKind.Unavailable];

    /// <summary>Describes an endpoint of the API.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">Name of the operation.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="scope">What a caller must be allowed to do.</param>
    /// <param name="problems">What may go wrong beside what always may.</param>
    internal static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary, AccessScope scope, params ReadOnlySpan<ProblemKind> problems)
    {
        RequiredScope.On(endpoint, scope).WithName(name).WithSummary(summary);
        foreach (int status in problems.ToArray().Concat(s_always).Select(kind => kind.Status).Distinct())
        {
            endpoint.Produces<ProblemResource>(status, Problem.MediaType);
        }

        return endpoint;
    }
}
