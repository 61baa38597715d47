using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Origins;
using SweepCluster.Server.Pages;
using SweepCluster.Server.Pages.Frame;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>Signing in and out with a browser.</summary>
internal sealed class SignInEndpoints(Credentials credentials, SessionBook sessions, FailureBudget failures, AccessOptions options)
{
    private const string RetrySeconds = "5"; // as the gate has it

    /// <summary>Maps them.</summary>
    internal void Map(WebApplication server)
    {
        RequiredScope.On(server.MapGet(SignInPaths.SignIn, ShowAsync).ExcludeFromDescription(), null);
        RequiredScope.On(server.MapPost(SignInPaths.SignIn, SignInAsync).ExcludeFromDescription(), null);
        RequiredScope.On(server.MapPost(SignInPaths.SignOut, SignOut).ExcludeFromDescription(), null);
    }

    private static Task AnswerAsync(HttpContext context, int status, string place, string? fault)
    {
        string value = SessionCookie.ReadForm(context.Request) ?? FormTokens.New();
        SessionCookie.WriteForm(context, value);
        PageInfo info = PageInfos.Of(context, "Sign in", "", isLive: false) with { IsBare = true };
        return PageAnswers.SendAsync<SignInPage>(context, new Dictionary<string, object?> { ["Info"] = info, ["FormValue"] = value, ["Place"] = place, ["Fault"] = fault }, status);
    }

    private Task ShowAsync(HttpContext context)
    {
        string place = SignInPaths.SafePlace(context.Request.Query["return"]);
        if (options.IsSignInOn)
        {
            return AnswerAsync(context, StatusCodes.Status200OK, place, null);
        }

        context.Response.Redirect(place);
        return Task.CompletedTask;
    }

    private async Task SignInAsync(HttpContext context)
    {
        if (await Forms.ReadAsync(context) is not { } form)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status400BadRequest, ServerMetrics.Form, "No form", "found a body that is no form, expected the sign-in page's"));
            return;
        }

        string place = SignInPaths.SafePlace(form["return"]);

        // No session yet, so the form is tied to a cookie that only this server's page could have set.
        if (SessionCookie.ReadForm(context.Request) is not { } expected || !FormTokens.Matches(expected, form[Visitor.FormField]))
        {
            Refused.Mark(context, ServerMetrics.Form, "the form is not from this server's sign-in page, or its cookie is gone");
            await AnswerAsync(context, StatusCodes.Status400BadRequest, place, "the form was too old, try again");
            return;
        }

        SignIn signIn = await credentials.ReadTokenAsync(form["token"].ToString().Trim(), context.RequestAborted);
        if (signIn is { Caller: null, MayPass: true })
        {
            // The issuer does not answer: no fault of who signs in.
            Refused.Mark(context, ServerMetrics.SignIn, signIn.Fault!);
            context.Response.Headers.RetryAfter = RetrySeconds;
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, place, signIn.Fault);
            return;
        }

        if (signIn.Caller is not { } caller)
        {
            TimeSpan wait = failures.Take(OriginGuard.AddressOf(context));
            if (wait > TimeSpan.Zero)
            {
                await RefuseAsync(context, Refusal.Rate("too many failed sign-ins from this address", wait));
                return;
            }

            Refused.Mark(context, ServerMetrics.SignIn, signIn.Fault!);
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, place, signIn.Fault);
            return;
        }

        // A session that was open is ended: what an earlier cookie was good for is over.
        if (context.Features.Get<SessionTicket>() is { } before)
        {
            sessions.End(before);
        }

        (string secret, SessionTicket ticket) = sessions.Begin(caller);
        SessionCookie.Delete(context);
        SessionCookie.Write(context, secret, ticket.Expires);
        context.Features.Set(caller);
        SeeOther(context, place);
    }

    private void SignOut(HttpContext context)
    {
        if (context.Features.Get<SessionTicket>() is { } session)
        {
            sessions.End(session);
        }

        SessionCookie.Delete(context);
        SeeOther(context, SignInPaths.SignIn);
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        Refused.Mark(context, refusal.Reason, refusal.Detail);
        return RefusalWriter.WriteAsync(context, refusal);
    }

    // 303: whatever the browser posted, it gets this.
    private static void SeeOther(HttpContext context, string place)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = place;
    }
}
