using System.Globalization;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Pages;
using SweepCluster.Server.Pages.Frame;

namespace SweepCluster.Server.Access;

/// <summary>Answers a request that is not let through: a program gets a problem document (RFC 9457), a person a page.</summary>
internal static class RefusalWriter
{
    /// <summary>Whether a person's browser asked for a page.</summary>
    internal static bool IsForPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.HasFormContentType)
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers.</summary>
    internal static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        HttpResponse response = context.Response;
        response.Clear();
        string? later = refusal.RetryAfter is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null;
        response.Headers.RetryAfter = later;
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            if (IsForPage(context.Request) && HttpMethods.IsGet(context.Request.Method))
            {
                response.Redirect(SignInPaths.LinkBackTo(context.Request.Path + context.Request.QueryString));
                return;
            }

            response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count > 0 ? "Bearer realm=\"sweep\", error=\"invalid_token\"" : "Bearer realm=\"sweep\"";
        }

        response.StatusCode = refusal.Status;
        if (IsForPage(context.Request))
        {
            await ShowAsync(context, refusal);
            return;
        }

        await Problem.WriteAsync(context, ProblemKind.Of(refusal.Status), refusal.Detail);
    }

    // Of somebody who is not known, not even whether it may sign in, so the page leads to the sweeps alone.
    private static Task ShowAsync(HttpContext context, Refusal refusal)
    {
        PageInfo info = PageInfos.Of(context, refusal.Title, "", isLive: false) with { IsBare = context.Features.Get<Caller>() is null };
        string text = $"{char.ToUpperInvariant(refusal.Detail[0])}{refusal.Detail[1..]}.";
        return PageAnswers.SendAsync<MessagePage>(context, new Dictionary<string, object?> { ["Info"] = info, ["Text"] = text, ["Back"] = PagePaths.Sweeps }, refusal.Status);
    }
}
