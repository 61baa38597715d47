using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Headers;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Origins;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Api;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access;

/// <summary>Stands before every endpoint: from where, how often, who, and whether it may. What comes through has its <see cref="Caller"/> among the request's features, unless anybody may.</summary>
internal sealed partial class AccessGate(ServerOptions options, Credentials credentials, AuditLog audit, FailureBudget failures, ILogger<AccessGate> logger)
{
    private static readonly TimeSpan s_recheck = TimeSpan.FromSeconds(15); // of who holds a stream open

    private readonly LimitOptions _limits = options.Access.Limits;
    private readonly RequestBudget _addresses = new(options.Access.Limits.AddressRate, options.Access.Limits.AddressBurst, AddressKey.MostAddresses, options.Time);
    private readonly RequestBudget _callers = new(options.Access.Limits.CallerRate, options.Access.Limits.CallerBurst, AddressKey.MostAddresses, options.Time);
    private readonly CallerSeats _seats = new(options.Access.Limits.CallerStreams, options.Access.Limits.AllStreams);

    /// <summary>Lets a request through, or answers it.</summary>
    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Attach(context);
        bool isAborted = false;
        try
        {
            if (await AdmitAsync(context) is { } refusal)
            {
                await RefuseAsync(context, refusal);
            }
            else if (context.GetEndpoint()?.Metadata.GetMetadata<EndlessAnswer>() is not null)
            {
                await StreamAsync(context, next);
            }
            else
            {
                await next(context);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Who asked is gone, and whether it was done is not known.
            isAborted = true;
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, new Refusal(error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? ServerMetrics.Size : ServerMetrics.Form, "Bad request", error.Message.TrimEnd('.')));
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            LogDefect(error, context.Request.Method, context.TraceIdentifier);
            await RefusalWriter.WriteAsync(context, new Refusal(StatusCodes.Status500InternalServerError, "", "Defect of the server", "it is in the server's log under the request's id"));
        }
        finally
        {
            Record(context, isAborted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode);
        }
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    // JSON is UTF-8 (RFC 8259, section 8.1), and so are our forms. What is behind this would fail on the name of an encoding that it does not know.
    private static Refusal? FindEncoding(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? new Refusal(StatusCodes.Status415UnsupportedMediaType, ServerMetrics.Form, "Another encoding", "the body is said to be in another encoding than UTF-8")
            : null;

    private static Refusal SignInNeeded(SignIn? signIn) => signIn is { MayPass: true }
        ? new Refusal(StatusCodes.Status503ServiceUnavailable, ServerMetrics.SignIn, "Sign-in is not possible now", signIn.Fault!) { RetryAfter = TimeSpan.FromSeconds(5) }
        : new Refusal(StatusCodes.Status401Unauthorized, ServerMetrics.SignIn, "Sign-in needed", signIn?.Fault ?? "expected the header 'Authorization: Bearer' and a token, or a session of the sign-in page");

    private static async Task<Refusal?> FindForgeryAsync(HttpContext context, Caller caller, SessionTicket? session)
    {
        HttpRequest request = context.Request;
        bool isOfAProgram = caller.Way == SignInWay.None ? request.Path.StartsWithSegments(ApiPaths.Root, StringComparison.OrdinalIgnoreCase) && !request.HasFormContentType : session is null;
        if (IsSafe(request.Method) || request.Path == SignInPaths.SignIn || isOfAProgram)
        {
            return null; // what a program sends of itself, no page can make a browser send; the sign-in form has a check of its own
        }

        string expected = FormTokens.For(session);
        if (FormTokens.Matches(expected, request.Headers[Visitor.FormHeader]) || context.GetEndpoint()?.Metadata.GetMetadata<StreamedForm>() is not null)
        {
            return null;
        }

        IFormCollection? form = await Forms.ReadAsync(context);
        return FormTokens.Matches(expected, form?[Visitor.FormField]) ? null
            : new Refusal(StatusCodes.Status400BadRequest, ServerMetrics.Form, "Form refused", "the form is not of a page of this session: load the page again and repeat");
    }

    private async Task<Refusal?> AdmitAsync(HttpContext context)
    {
        Endpoint? endpoint = context.GetEndpoint();
        RequiredScope? required = endpoint?.Metadata.GetMetadata<RequiredScope>();
        bool isOpen = required is { Scope: null } && IsSafe(context.Request.Method) && endpoint is RouteEndpoint { RoutePattern.RawText: not SignInPaths.SignIn }; // that page asks for a token
        Refusal? refusal = ProxyHeaders.Apply(context, options.Access, isOpen) ?? OriginGuard.Find(context, options.Access) ?? LimitAddress(context) ?? FindEncoding(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        (SignIn? signIn, SessionTicket? session) = await credentials.ReadAsync(context);
        if (signIn is { Caller: null, MayPass: false } && failures.Take(OriginGuard.AddressOf(context)) is var wait && wait > TimeSpan.Zero)
        {
            return Refusal.Rate("too many failed sign-ins from this address", wait);
        }

        if (signIn?.Caller is { } caller)
        {
            context.Features.Set(caller);
            context.Features.Set(session);
            refusal = LimitCaller(caller) ?? await FindForgeryAsync(context, caller, session);
        }

        return refusal ?? Allow(endpoint, required, signIn);
    }

    private static Refusal? Allow(Endpoint? endpoint, RequiredScope? required, SignIn? signIn)
    {
        // No such path, or a method or content type that it does not take: routing's own answer tells nothing that the manual does not.
        if (endpoint is null or not RouteEndpoint || required is { Scope: null })
        {
            return null;
        }

        if (required is null)
        {
            return new Refusal(StatusCodes.Status403Forbidden, ServerMetrics.Scope, "Nobody may", "the endpoint does not say who may use it");
        }

        return signIn?.Caller is not { } caller ? SignInNeeded(signIn)
            : caller.Scope >= required.Scope ? null
            : new Refusal(StatusCodes.Status403Forbidden, ServerMetrics.Scope, "Scope needed", $"found the scope {ScopeWords.Of(caller.Scope)}, expected {ScopeWords.Of(required.Scope)}");
    }

    // Where nobody signs in, all come from this machine, or what is taken as it, and are the same.
    private Refusal? LimitAddress(HttpContext context)
    {
        TimeSpan wait = options.Access.IsSignInOn ? _addresses.Take(AddressKey.Of(OriginGuard.AddressOf(context))) : TimeSpan.Zero;
        return wait == TimeSpan.Zero ? null : Refusal.Rate("too many requests from this address", wait);
    }

    private Refusal? LimitCaller(Caller caller)
    {
        TimeSpan wait = caller.Way == SignInWay.None ? TimeSpan.Zero : _callers.Take(caller.Key);
        return wait == TimeSpan.Zero ? null : Refusal.Rate($"too many requests of {caller.Name}", wait);
    }

    private async Task StreamAsync(HttpContext context, RequestDelegate next)
    {
        Caller caller = context.Features.Get<Caller>()!;
        if (!_seats.TryTake(caller.Key, caller.Way == SignInWay.None))
        {
            await RefuseAsync(context, Refusal.Rate($"too many streams of events, expected at most {_limits.CallerStreams} of one caller and {_limits.AllStreams} in all", TimeSpan.FromSeconds(10)));
            return;
        }

        SessionTicket? session = context.Features.Get<SessionTicket>();
        ServerMetrics.WatcherCame();
        try
        {
            using ITimer recheck = options.Time.CreateTimer(
                _ =>
                {
                    if (!credentials.Holds(caller, session))
                    {
                        context.Abort();
                    }
                },
                null,
                s_recheck,
                s_recheck);
            await next(context);
        }
        finally
        {
            ServerMetrics.WatcherLeft();
            _seats.Release(caller.Key);
        }
    }

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        Refused.Mark(context, refusal.Reason, refusal.Detail);
        return context.Response.HasStarted ? Task.CompletedTask : RefusalWriter.WriteAsync(context, refusal);
    }

    private void Record(HttpContext context, int status)
    {
        Refused? refused = context.Features.Get<Refused>()
            ?? (status == StatusCodes.Status413PayloadTooLarge ? new Refused(ServerMetrics.Size, "the body is longer than this endpoint takes") : null);
        if (refused is null && IsSafe(context.Request.Method))
        {
            return;
        }

        if (refused is not null)
        {
            ServerMetrics.Refused(refused.Reason);
        }

        Caller? caller = context.Features.Get<Caller>();
        IPAddress? address = OriginGuard.AddressOf(context);
        audit.Write(new AuditEntry(
            options.Time.GetUtcNow(), context.TraceIdentifier, caller?.Name, caller is null ? null : ScopeWords.Of(caller.Scope), WayOf(caller), address?.ToString(), context.Request.Method,
            (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, context.Request.Path.Value ?? "", SubjectOf(context), status,
            refused is not null ? "refused" : status < 400 ? "done" : "failed", refused?.Detail));
    }

    private static string? WayOf(Caller? caller) => caller?.Way switch
    {
        null => null,
        SignInWay.Token => "token",
        SignInWay.Oidc => "oidc",
        _ => "none",
    };

    private static string? SubjectOf(HttpContext context) =>
        context.Request.RouteValues.Count == 0 ? null : string.Join('/', context.Request.RouteValues.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => value.Value?.ToString()));

    [LoggerMessage(EventId = 5041, Level = LogLevel.Error, Message = "{Method} failed by a defect of the server, request {Request}")]
    private partial void LogDefect(Exception error, string method, string request);
}
