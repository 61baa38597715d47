using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>The answer of <c>/metrics</c>.</summary>
internal static class MetricsEndpoint
{
    internal const string Path = "/metrics";

    /// <summary>Writes every metric in the form that the caller likes best.</summary>
    internal static async Task AnswerAsync(HttpContext context, Scrapes scrapes)
    {
        IHeaderDictionary asked = context.Request.Headers;
        ExpositionFormat format = ExpositionFormats.Choose(asked.Accept!);
        ReadOnlyMemory<byte> text = await scrapes.CollectAsync(format);
        HttpResponse answer = context.Response;
        answer.ContentType = format.ContentType();
        answer.Headers.CacheControl = "no-store";
        answer.Headers.Vary = "Accept, Accept-Encoding";
        if (!AcceptsGzip(asked.AcceptEncoding!))
        {
            answer.ContentLength = text.Length;
            await answer.BodyWriter.WriteAsync(text, context.RequestAborted);
            return;
        }

        answer.Headers.ContentEncoding = "gzip";
        await using GZipStream packed = new(answer.Body, CompressionLevel.Fastest, leaveOpen: true);
        await packed.WriteAsync(text, context.RequestAborted);
    }

    private static bool AcceptsGzip(IList<string> accept) =>
        StringWithQualityHeaderValue.TryParseList(accept, out IList<StringWithQualityHeaderValue>? codings)
        && (codings.FirstOrDefault(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)) ?? codings.FirstOrDefault(coding => coding.Value == "*")) is { } gzip
        && gzip.Quality is null or > 0;
}
