using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SweepCluster.Server.Tests.Fuzzing;

/// <summary>A request that is being made.</summary>
internal sealed class Draft(ApiOperation operation, string path)
{
    public string Method { get; set; } = operation.Method;

    public string Path { get; set; } = path;

    public List<string> Query { get; } = [];

    public List<string> Headers { get; } = [];

    public JsonNode? Json { get; set; } = operation.Body?.DeepClone();

    public byte[]? Body { get; set; }

    public string ContentType { get; set; } = "application/json";

    public Framing Framing { get; set; }

    /// <summary>The part of the body that is kept; null: all of it.</summary>
    public double? Truncation { get; set; }

    public ForgedRequest Write(string host)
    {
        byte[] body = Body ?? (Json is null ? [] : Encoding.UTF8.GetBytes(Json.ToJsonString()));
        body = Truncation is { } kept ? body[..(int)(kept * body.Length)] : body;
        string target = Path + (Query.Count > 0 ? "?" + string.Join('&', Query) : "");
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"{Method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        if (body.Length > 0 || Framing != Framing.Length)
        {
            head.Append(ContentType.Length > 0 ? $"Content-Type: {ContentType}\r\n" : "");
            head.Append(Framing switch
            {
                Framing.Length => $"Content-Length: {body.Length}\r\n",
                Framing.TooLong => $"Content-Length: {body.Length + 100}\r\n",
                Framing.NoNumber => "Content-Length: -1\r\n",
                _ => "Transfer-Encoding: chunked\r\n",
            });
        }

        foreach (string header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        head.Append("\r\n");

        // What leaves the form of HTTP itself is answered by the web server, if at all.
        bool isBroken = Framing > Framing.SmallChunks || target.Any(letter => letter is <= ' ' or > '~') || target.Length > 7_000 || target.Contains('%', StringComparison.Ordinal) || target.Contains('#', StringComparison.Ordinal)
            || head.Length > 12_000 || Headers.Any(header => header.Any(letter => letter is < ' ' or > '~') || header.StartsWith("Connection", StringComparison.Ordinal) || header.StartsWith("Upgrade", StringComparison.Ordinal) || header.StartsWith("Expect", StringComparison.Ordinal))
            || Method.Any(letter => !char.IsAsciiLetterUpper(letter)) || Method is "CONNECT" or "TRACE" || ContentType.Any(letter => letter > '~');
        return new ForgedRequest([.. Encoding.Latin1.GetBytes(head.ToString()), .. Lay(body)], operation.IsApi && Path.StartsWith("/api/v1", StringComparison.Ordinal) && !Path.Contains("..", StringComparison.Ordinal), isBroken);
    }

    private byte[] Lay(byte[] body) => Framing switch
    {
        Framing.Chunks => [.. Chunk(body), .. Last],
        Framing.SmallChunks => [.. body.Take(2_000).SelectMany(value => Chunk([value])), .. Last],
        Framing.BadChunkSize => [.. "zz\r\n"u8, .. body, .. "\r\n0\r\n\r\n"u8],
        Framing.WrongChunkSize => [.. "1\r\n"u8, .. body, .. "\r\n0\r\n\r\n"u8],
        Framing.NoLastChunk => Chunk(body),
        _ => body,
    };

    private static ReadOnlySpan<byte> Last => "0\r\n\r\n"u8;

    private static byte[] Chunk(byte[] piece) => piece.Length == 0 ? [] : [.. Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8];
}
