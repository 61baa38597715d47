using Microsoft.AspNetCore.Http;

namespace SweepCluster.Server.Access.Headers;

/// <summary>What every answer tells browsers.</summary>
internal static class SecurityHeaders
{
    /// <summary>Pages: everything from this server, nothing within the page, in nobody's frame.</summary>
    internal const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A document of its own (<see cref="OwnDocument"/>): its styles and scripts run, of a site of its own, and nothing is fetched.</summary>
    internal const string DocumentPolicy =
        "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private const string Transport = "max-age=31536000";

    /// <summary>Writes them when the answer begins.</summary>
    internal static void Attach(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                Write((HttpContext)state);
                return Task.CompletedTask;
            },
            context);
    }

    private static void Write(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        bool isDocument = context.GetEndpoint()?.Metadata.GetMetadata<OwnDocument>() is not null && context.Response.StatusCode < 300;
        headers.ContentSecurityPolicy = isDocument ? DocumentPolicy : PagePolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()";
        headers["X-Request-Id"] = context.TraceIdentifier;
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = Transport;
        }

        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}
