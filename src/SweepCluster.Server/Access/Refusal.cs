using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access;

/// <summary>Why a request is not answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">The word for metrics and the audit log: <c>sign_in</c>, <c>scope</c>, <c>rate</c>, <c>size</c>, <c>origin</c> or <c>form</c>.</param>
/// <param name="Title">What it is, the same for all of the kind.</param>
/// <param name="Detail">What was found and expected, on one line.</param>
internal sealed record Refusal(int Status, string Reason, string Title, string Detail)
{
    /// <summary>After which the same may be asked again; null: that does not help.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    internal static Refusal Origin(string detail) => new(StatusCodes.Status403Forbidden, ServerMetrics.Origin, "Refused by origin", detail);

    internal static Refusal Rate(string detail, TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, ServerMetrics.Rate, "Too many requests", detail) { RetryAfter = wait };
}
