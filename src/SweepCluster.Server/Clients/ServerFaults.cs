using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Problems;

namespace SweepCluster.Server.Clients;

/// <summary>What goes wrong between a client and a server, as this program reports it: worth another try, wrong input, or not now.</summary>
public static class ServerFaults
{
    private const int MostProblemBytes = 1 << 20;

    /// <summary>Says, without a full stop, that a server was asked over TLS and speaks none; null where a connection failed otherwise.</summary>
    /// <param name="error">How it failed.</param>
    public static string? WithoutTls(Exception error) => error is HttpRequestException { InnerException: AuthenticationException { Message: var reason } } && reason.Contains("frame", StringComparison.OrdinalIgnoreCase)
        ? $"found a server that speaks no TLS ({OneLine.Of(reason).TrimEnd('.')}), expected one, or the address with http"
        : null;

    /// <summary>Whether the same request may succeed later, by how it failed.</summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { InnerException: AuthenticationException } => false,
        HttpRequestException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether the same request may succeed later, by the answer.</summary>
    internal static bool IsTransient(HttpStatusCode status) => status
        is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>A failure on the way, on one line.</summary>
    internal static SweepException Describe(Exception error, string place)
    {
        if (WithoutTls(error) is { } plain)
        {
            return new BadInputException($"--server {place}: {plain}.", error);
        }

        string reason = OneLine.Of((error.InnerException ?? error).Message).TrimEnd('.');
        return error switch
        {
            HttpRequestException { InnerException: CertificateRefusedException refused } => new BadInputException($"--server {place}: {Describe(refused)}", error),
            HttpRequestException { InnerException: AuthenticationException } => new BadInputException($"--server {place}: found no TLS that both sides speak ({reason}), expected TLS 1.2 or 1.3.", error),
            _ => new StoreUnavailableException($"the server {place} cannot be reached: {reason}.", error),
        };
    }

    private static string Describe(CertificateRefusedException refused)
    {
        const string Name = "use a name that the certificate has, or give the server one with this name";
        const string Authority = "--ca FILE names another authority's certificate";
        return (refused.IsMisnamed, refused.IsUntrusted) switch
        {
            (true, false) => $"found a certificate for another name, expected one that has the name in this address; {Name}.",
            (true, true) => $"found a certificate for another name that is not trusted either ({refused.Message}), expected one of an authority that this machine knows that has the name in this address; {Authority}; {Name}.",
            _ => $"found a certificate that is not trusted ({refused.Message}), expected one of an authority that this machine knows; {Authority}.",
        };
    }

    /// <summary>What an answer that is no success says.</summary>
    internal static async Task<SweepException> ReadAsync(HttpResponseMessage answer, Stream body, string place, bool hasToken, CancellationToken cancellationToken)
    {
        ProblemResource? problem = await ReadProblemAsync(answer, body, cancellationToken);
        string status = string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {answer.ReasonPhrase}").TrimEnd();
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new BadInputException(
                hasToken
                    ? $"--server {place}: found a token that it does not take, expected one of its own, in the environment variable SWEEP_TOKEN or the file of --token-file."
                    : $"--server {place}: found no token, expected one of it, in the environment variable SWEEP_TOKEN or the file of --token-file.");
        }

        if ((int)answer.StatusCode is >= 300 and < 400)
        {
            return new BadInputException($"--server {place}: found a place that sends on to {answer.Headers.Location?.OriginalString ?? "another"}, expected the server's own address.");
        }

        if (problem is null && answer.StatusCode == HttpStatusCode.Forbidden) // an answer to HEAD has no body
        {
            return new BadInputException($"--server {place}: found a token that may only look, expected one of the scope submit.");
        }

        if (problem is null)
        {
            return (int)answer.StatusCode >= 500 || answer.StatusCode == HttpStatusCode.TooManyRequests
                ? new StoreUnavailableException($"the server {place} answers {status}.", null)
                : new BadInputException($"--server {place}: found an answer that no 'sweep serve' gives ({status}), expected the address of one.");
        }

        string text = problem.Faults.IsDefaultOrEmpty ? problem.Detail : string.Join('\n', problem.Faults);
        return answer.StatusCode switch
        {
            HttpStatusCode.Forbidden => new BadInputException($"--server {place}: {text}"),
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed when problem.Type != ProblemKind.Ambiguous.Type => new WrongPhaseException(text),
            HttpStatusCode.UnprocessableEntity when problem.Type == ProblemKind.NotProven.Type => new WrongPhaseException(text),
            HttpStatusCode.Gone => new WrongPhaseException(text),
            _ when problem.Type == ProblemKind.PartsMissing.Type => new PartsMissingException(text, problem.Missing),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => new StoreUnavailableException($"the server {place} answers {status}: {text}", null),
            _ => new BadInputException(text),
        };
    }

    private static async Task<ProblemResource?> ReadProblemAsync(HttpResponseMessage answer, Stream body, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != Problem.MediaType || answer.Content.Headers.ContentLength > MostProblemBytes)
        {
            return null;
        }

        try
        {
            byte[] text = new byte[MostProblemBytes];
            int length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
            return length == text.Length ? null : JsonSerializer.Deserialize(text.AsSpan(0, length), ClientJson.Of<ProblemResource>());
        }
        catch (Exception error) when (error is JsonException or HttpRequestException or IOException or TimeoutException)
        {
            return null;
        }
    }
}
