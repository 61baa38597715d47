using System.Security.Cryptography;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>An archive that a server hands out.</summary>
internal static class Archive
{
    private const int BufferBytes = 1 << 20;
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(10); // it may be made first

    /// <summary>Brings one into a file. Where the connection is lost, it is brought again.</summary>
    /// <returns>The SHA-256 of what came.</returns>
    /// <exception cref="Graphs.SweepException">As <see cref="ServerCalls.OpenAsync"/>.</exception>
    internal static Task<string> DownloadAsync(ServerCalls calls, string href, string file, CancellationToken cancellationToken) => calls.CallAsync(
        () => new HttpRequestMessage(HttpMethod.Get, ServerCalls.Relative(href)),
        async (answer, token) =>
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using Stream body = await calls.BodyAsync(answer, token);
            await using FileStream written = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] buffer = new byte[BufferBytes];
            for (int read; (read = await body.ReadAsync(buffer, token)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await WriteAsync(written, buffer.AsMemory(0, read), token);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        },
        s_wait, cancellationToken);

    // A full disk is no lost connection: nobody waits for it.
    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(content, cancellationToken);
        }
        catch (IOException error)
        {
            throw new StoreUnavailableException($"{file.Name}: cannot be written ({OneLine.Of(error.Message).TrimEnd('.')}).", error);
        }
    }
}
