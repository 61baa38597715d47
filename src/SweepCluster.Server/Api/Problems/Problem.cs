using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Api.Problems;

/// <summary>Tells why a request was not done.</summary>
internal static class Problem
{
    internal const string MediaType = "application/problem+json";

    // An answer is for people, and a request must not be able to make it large: buffers of its size would stay with the process.
    private const int MostFaults = 100;
    private const int MostCharacters = 2_000;

    private static readonly TimeSpan s_later = TimeSpan.FromSeconds(5);

    /// <summary>What an exception says to who asked; null: nothing, it is a defect of the program and goes to the log.</summary>
    internal static (ProblemKind Kind, ProblemResource Resource)? Of(Exception error)
    {
        ProblemKind? kind = error switch
        {
            ProblemException problem => problem.Kind,
            BadHttpRequestException bad => ProblemKind.Of(bad.StatusCode),
            StoreUnavailableException => ProblemKind.Unavailable,
            StoreConflictException or SweepStoppedException or WrongPhaseException => ProblemKind.Conflict,
            BlobUnavailableException => ProblemKind.FilesLost,
            BadInputException => ProblemKind.Unusable,
            IOException io when Durably.IsDiskFull(io) => ProblemKind.Unavailable,
            ArgumentException { ParamName: "sweepId" } => ProblemKind.NotFound, // it was removed while the request ran
            _ => null,
        };
        return kind is null ? null : (kind, Describe(kind, error));
    }

    /// <summary>Answers with a problem.</summary>
    internal static Task WriteAsync(HttpContext context, ProblemKind kind, string detail) => WriteAsync(context, kind, Describe(kind, detail));

    /// <summary>Answers with a problem.</summary>
    internal static async Task WriteAsync(HttpContext context, ProblemKind kind, ProblemResource problem)
    {
        HttpResponse response = context.Response;
        response.StatusCode = kind.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if ((kind == ProblemKind.Unavailable || kind == ProblemKind.TooMany) && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = ((int)s_later.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ProblemResource);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, CancellationToken.None); // a few bytes, also where the time is up
        }
    }

    private static ProblemResource Describe(ProblemKind kind, Exception error) => Describe(kind, TextOf(error)) with
    {
        Missing = error is ProblemException problem ? problem.Missing : [],
    };

    /// <summary>The first fault as detail; where there are several, all of them beside it.</summary>
    private static ProblemResource Describe(ProblemKind kind, string text)
    {
        string[] faults = [.. text.Split('\n', MostFaults + 1).Take(MostFaults).Select(line => OneLine.Of(line.Length > MostCharacters ? line[..MostCharacters] + ".." : line)).Where(line => line.Length > 0)];
        return new ProblemResource(kind.Type, kind.Title, kind.Status, faults.FirstOrDefault() ?? kind.Title) { Faults = faults.Length > 1 ? [.. faults] : [] };
    }

    private static string TextOf(Exception error) => error switch
    {
        BadHttpRequestException bad => BodyFaults.Of(bad),
        IOException => "the disk of the server is full.", // its own message names a path
        _ => error.Message,
    };
}
