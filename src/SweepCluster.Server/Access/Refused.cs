using Microsoft.AspNetCore.Http;

namespace SweepCluster.Server.Access;

/// <summary>Remembers with a request that it was refused, for the audit log and the metrics.</summary>
/// <param name="Reason">The word for metrics.</param>
/// <param name="Detail">Why, on one line.</param>
internal sealed record Refused(string Reason, string Detail)
{
    /// <summary>Remembers it.</summary>
    internal static void Mark(HttpContext context, string reason, string detail) => context.Features.Set(new Refused(reason, detail));
}
