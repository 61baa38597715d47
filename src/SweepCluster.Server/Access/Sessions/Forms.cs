using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SweepCluster.Server.Access.Sessions;

/// <summary>Reads forms, within limits.</summary>
internal static class Forms
{
    private static readonly FormOptions s_limits = new()
    {
        ValueCountLimit = 256,
        KeyLengthLimit = 256,
        ValueLengthLimit = 1 << 20,
        MultipartHeadersCountLimit = 16,
        MultipartHeadersLengthLimit = 8 << 10,
        MultipartBoundaryLengthLimit = 100,
    };

    /// <summary>The request's form, which who reads it later gets, too; null where its body is none.</summary>
    /// <exception cref="BadHttpRequestException">The body is too long, or ends early.</exception>
    internal static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        try
        {
            return await context.Request.ReadFormAsync(s_limits, context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (IOException error) when (error is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            return null; // a multipart body that ends in the middle
        }
    }
}
