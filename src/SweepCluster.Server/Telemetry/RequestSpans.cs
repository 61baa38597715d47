using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Server.Health;
using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Telemetry;

/// <summary>Names ASP.NET Core's own spans of requests by what was asked for, never by what stands in an address; scrapes and looks at the health have none.</summary>
internal static class RequestSpans
{
    /// <summary>Puts it before what it names.</summary>
    internal static void Use(WebApplication server) => server.Use(static (context, next) => DescribeAsync(context, next));

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        Activity? span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is null)
        {
            await next(context);
            return;
        }

        if (context.Request.Path.Value is MetricsEndpoint.Path or HealthFeature.Alive or HealthFeature.Ready)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded; // a scrape or a look every few seconds is no news
        }

        try
        {
            await next(context);
        }
        finally
        {
            string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
            span.SetTag("http.request.method", context.Request.Method);
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    }
}
