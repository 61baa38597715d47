using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>The cookies of the sign-in page.</summary>
internal static class SessionCookie
{
    private const string Session = "sweep-session";
    private const string Form = "sweep-form";

    /// <summary>The session's secret that a browser sent; null: none.</summary>
    internal static string? Read(HttpRequest request) => request.Cookies[Name(request, Session)] is { Length: > 0 and <= 128 } secret ? secret : null;

    /// <summary>What the browser was given when it looked at the sign-in page; null: nothing.</summary>
    internal static string? ReadForm(HttpRequest request) => request.Cookies[Name(request, Form)] is { Length: > 0 and <= 128 } value ? value : null;

    /// <summary>Gives the browser a session's secret.</summary>
    internal static void Write(HttpContext context, string secret, DateTimeOffset expires) =>
        context.Response.Cookies.Append(Name(context.Request, Session), secret, Options(context.Request, expires));

    /// <summary>Gives the browser what the sign-in form must repeat.</summary>
    internal static void WriteForm(HttpContext context, string value) => context.Response.Cookies.Append(Name(context.Request, Form), value, Options(context.Request, null));

    /// <summary>Takes both back.</summary>
    internal static void Delete(HttpContext context)
    {
        context.Response.Cookies.Delete(Name(context.Request, Session), Options(context.Request, null));
        context.Response.Cookies.Delete(Name(context.Request, Form), Options(context.Request, null));
    }

    // __Host- makes the browser hold us to Secure, to this host alone and to no Domain. Without TLS, on loopback, cookies of all ports are in one jar: the port keeps two servers apart.
    private static string Name(HttpRequest request, string name) =>
        request.IsHttps ? $"__Host-{name}" : string.Create(CultureInfo.InvariantCulture, $"{name}-{request.Host.Port ?? 80}");

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) =>
        new() { HttpOnly = true, Secure = request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", Expires = expires, IsEssential = true };
}
