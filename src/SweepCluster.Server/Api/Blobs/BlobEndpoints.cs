using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Engine.Blobs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Api.Blobs;

/// <summary>Parts of files, on their way to the store. Who was interrupted asks which parts are there and goes on with the first that is not.</summary>
internal static class BlobEndpoints
{
    /// <summary>Most bytes of a part.</summary>
    internal const int MostBytes = 16 << 20;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(ApiPaths.Blob, [HttpMethods.Head], LookAsync)
            .Describe("hasBlob", "Whether the server has a part of a file; then it is kept as if it had come just now. Its bytes are checked when a sweep is handed in: a part that was damaged meanwhile is then named as missing.", AccessScope.Submit, ProblemKind.Malformed, ProblemKind.NotFound)
            .Produces(StatusCodes.Status200OK);
        Transfer.On(routes.MapPut(ApiPaths.Blob, TakeAsync), MostBytes + 1) // one more, so that the answer is ours
            .Describe("putBlob", "Takes in a part of a file, at most 16 MiB. It is kept for an hour, and as long as a sweep needs it.", AccessScope.Submit, ProblemKind.Malformed, ProblemKind.TooLarge, ProblemKind.Unusable)
            .Accepts<byte[]>("application/octet-stream")
            .Produces<BlobResource>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> LookAsync(ServerParts parts, string sha256, CancellationToken cancellationToken)
    {
        Check(sha256);
        return await parts.Blobs.TouchAsync(sha256, cancellationToken) ? Results.Ok() : Results.NotFound();
    }

    private static async Task<IResult> TakeAsync(HttpContext context, ServerParts parts, ServerFolder folder, FileSeats seats, string sha256, CancellationToken cancellationToken)
    {
        Check(sha256);
        if (context.Request.ContentLength > MostBytes)
        {
            throw TooLarge();
        }

        seats.TakeUpload(context);
        await using FileStream content = folder.NewFile(); // who sends slowly holds a file, not memory
        string found = await ReadAsync(context.Request.Body, content, cancellationToken);
        if (found != sha256)
        {
            throw new ProblemException(ProblemKind.Unusable, $"blob {sha256}: found {content.Length} bytes with the SHA-256 {found}, expected those of its name; nothing was stored.");
        }

        await PartSpool.StoreAsync(content, parts.Blobs, cancellationToken);
        ServerMetrics.Uploaded(content.Length);
        return Results.Created($"{ApiPaths.Blobs}/{sha256}", new BlobResource(sha256, content.Length));
    }

    /// <summary>Reads and hashes piece by piece; stops at the first byte too many.</summary>
    private static async Task<string> ReadAsync(Stream body, FileStream content, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PartSpool.PieceBytes);
        try
        {
            for (int read; (read = await body.ReadAsync(piece, cancellationToken)) > 0;)
            {
                if (content.Length + read > MostBytes)
                {
                    throw TooLarge();
                }

                hash.AppendData(piece, 0, read);
                await content.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Check(string sha256)
    {
        if (!BlobNames.IsName(sha256))
        {
            throw new ProblemException(ProblemKind.Malformed, $"blob: found a name of {sha256.Length} characters, expected a SHA-256 in lower-case hexadecimal.");
        }
    }

    private static ProblemException TooLarge() => new(ProblemKind.TooLarge, $"blob: found more than {MostBytes} bytes, expected at most so many; cut the file into parts.");
}
