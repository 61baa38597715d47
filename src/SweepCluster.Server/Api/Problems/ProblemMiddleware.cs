using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Api.Problems;

/// <summary>Makes problem details of whatever goes wrong below the API's root, and of answers there that have none.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private const int ClientClosedRequest = 499; // nobody sees it but logs and metrics

    /// <summary>Answers.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(ApiPaths.Root, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted && context.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested == true)
        {
            await Problem.WriteAsync(context, ProblemKind.TooLong, "the server gave up after the time that a request may take.");
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            if (Problem.Of(error) is (ProblemKind kind, ProblemResource problem))
            {
                await Problem.WriteAsync(context, kind, problem);
                return;
            }

            LogFailure(error, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint");
            await Problem.WriteAsync(context, ProblemKind.Failed, "something went wrong that should not; the server's log says what.");
            return;
        }

        HttpResponse response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null } or { HasStarted: false, StatusCode: StatusCodes.Status416RangeNotSatisfiable })
        {
            await Problem.WriteAsync(context, ProblemKind.Of(response.StatusCode), Missing(context));
        }
    }

    private static string Missing(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "found no such address, expected one of those in /openapi.json.",
        StatusCodes.Status405MethodNotAllowed => $"found the method {(context.Request.Method.Length <= 16 ? context.Request.Method : "of a long name")}, expected one of {context.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType => "found a body of another media type, expected that of /openapi.json.",
        _ => ProblemKind.Of(context.Response.StatusCode).Title,
    };

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private partial void LogFailure(Exception error, string method, string endpoint);
}
