using System.Security.Cryptography;
using Npgsql;
using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Engine.Blobs;

/// <summary>Blobs in a PostgreSQL database, in chunks, so that neither side ever holds more than one chunk beside the blob itself.</summary>
public sealed class PostgresBlobStore : IBlobStore
{
    private const int ChunkBytes = 1 << 20;
    private const int PageBlobs = 1000;
    private const long MostRemoved = 256L << 20; // bytes in one transaction; a larger blob goes alone

    private readonly PostgresDatabase _database;

    /// <summary>A store in an opened database.</summary>
    public PostgresBlobStore(PostgresDatabase database)
    {
        _database = database;
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        byte[] hash = SHA256.HashData(content.Span);
        await _database.RunAsync(
            async (connection, token) =>
            {
                // A second writer of the same content waits here for the first and then finds it; a collector finds it young, or was first, and then it is stored anew.
                List<bool> added = await connection.QueryAsync(
                    "INSERT INTO sweep.blobs (hash, size) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET stored = clock_timestamp() RETURNING xmax = 0",
                    [hash, (long)content.Length], row => row.GetBoolean(0), token);
                if (!added[0] && await HoldsAsync(connection, hash, content, token))
                {
                    return true;
                }

                await connection.ExecuteAsync("DELETE FROM sweep.blob_chunks WHERE hash = $1", [hash], token);
                await connection.ExecuteAsync("UPDATE sweep.blobs SET size = $2 WHERE hash = $1", [hash, (long)content.Length], token);
                for (int index = 0; index * (long)ChunkBytes < content.Length; index++)
                {
                    await connection.ExecuteAsync(
                        "INSERT INTO sweep.blob_chunks (hash, index, content) VALUES ($1, $2, $3)", [hash, index, Chunk(content, index)], token);
                }

                return true;
            },
            cancellationToken);
        return Convert.ToHexStringLower(hash);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
    {
        byte[] key = BlobNames.Parse(hash);
        byte[]? content = await _database.RunAsync((connection, token) => ReadAsync(connection, key, token), cancellationToken);
        if (content is null)
        {
            throw new BlobUnavailableException(hash, isDamaged: false, $"{_database.Place}: the blob {hash} is missing.");
        }

        string found = Convert.ToHexStringLower(SHA256.HashData(content));
        return found == hash ? content : throw new BlobUnavailableException(
            hash, isDamaged: true, $"{_database.Place}: found {content.Length} bytes with the SHA-256 {found}, expected {hash}.");
    }

    /// <inheritdoc/>
    public async Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) =>
        (await _database.QueryAsync("UPDATE sweep.blobs SET stored = clock_timestamp() WHERE hash = $1 RETURNING 1", [BlobNames.Parse(hash)], row => row.GetInt32(0), cancellationToken)).Count > 0;

    /// <inheritdoc/>
    /// <remarks>Reads names in pages, so that it needs memory for a page beside the references, and removes a part of a page at a time, so that it holds no lock for long. Removing may take as long as it takes.</remarks>
    public async Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken)
    {
        long freed = 0;
        for (byte[] after = []; ;)
        {
            List<(byte[] Hash, long Size)> page = await _database.QueryAsync(
                "SELECT hash, size FROM sweep.blobs WHERE hash > $1 ORDER BY hash LIMIT $2", [after, PageBlobs], row => (row.GetFieldValue<byte[]>(0), row.GetInt64(1)), cancellationToken);
            if (page.Count == 0)
            {
                return freed;
            }

            foreach (byte[][] part in Parts(page.Where(blob => !referenced.Contains(Convert.ToHexStringLower(blob.Hash)))))
            {
                freed += await RemoveAsync(part, leastAge, cancellationToken);
            }

            after = page[^1].Hash;
        }
    }

    private static IEnumerable<byte[][]> Parts(IEnumerable<(byte[] Hash, long Size)> blobs)
    {
        List<byte[]> part = [];
        long bytes = 0;
        foreach ((byte[] hash, long size) in blobs)
        {
            if (part.Count > 0 && bytes + size > MostRemoved)
            {
                yield return [.. part];
                part.Clear();
                bytes = 0;
            }

            part.Add(hash);
            bytes += size;
        }

        if (part.Count > 0)
        {
            yield return [.. part];
        }
    }

    /// <summary>Removes those that were not stored lately.</summary>
    /// <returns>Bytes freed.</returns>
    private async Task<long> RemoveAsync(byte[][] hashes, TimeSpan leastAge, CancellationToken cancellationToken) => (await _database.RunAsync(
        (connection, token) => connection.QueryLongAsync(
            "DELETE FROM sweep.blobs WHERE hash = ANY ($1) AND stored <= clock_timestamp() - $2 RETURNING size", [hashes, leastAge], row => row.GetInt64(0), token),
        cancellationToken)).Sum();

    // The chunks may be damaged: what they add up to is what is read, whatever the blob's row says.
    private static async Task<byte[]?> ReadAsync(NpgsqlConnection connection, byte[] hash, CancellationToken cancellationToken)
    {
        List<(int Index, int Length)> chunks = await connection.QueryAsync(
            "SELECT coalesce(c.index, 0), coalesce(length(c.content), 0) FROM sweep.blobs b LEFT JOIN sweep.blob_chunks c ON c.hash = b.hash WHERE b.hash = $1 ORDER BY 1",
            [hash], row => (row.GetInt32(0), row.GetInt32(1)), cancellationToken);
        if (chunks.Count == 0)
        {
            return null;
        }

        byte[] content = new byte[chunks.Sum(chunk => (long)chunk.Length)];
        int at = 0;
        foreach ((int index, int length) in chunks)
        {
            List<byte[]> found = await connection.QueryAsync(
                "SELECT content FROM sweep.blob_chunks WHERE hash = $1 AND index = $2", [hash, index], row => row.GetFieldValue<byte[]>(0), cancellationToken);
            if (found is [byte[] part] && part.Length == length)
            {
                part.CopyTo(content.AsSpan(at)); // one that changed meanwhile leaves a gap, which the hash shows
            }

            at += length;
        }

        return content;
    }

    /// <summary>Whether the stored chunks have the content's hashes; only hashes travel.</summary>
    private static async Task<bool> HoldsAsync(NpgsqlConnection connection, byte[] hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        List<(int Index, byte[] Hash)> chunks = await connection.QueryAsync(
            "SELECT index, sha256(content) FROM sweep.blob_chunks WHERE hash = $1 ORDER BY index",
            [hash], row => (row.GetInt32(0), row.GetFieldValue<byte[]>(1)), cancellationToken);
        int expected = (int)((content.Length + (long)ChunkBytes - 1) / ChunkBytes);
        return chunks.Count == expected
            && chunks.Select((chunk, index) => chunk.Index == index && chunk.Hash.AsSpan().SequenceEqual(SHA256.HashData(Chunk(content, index).Span))).All(same => same);
    }

    private static ReadOnlyMemory<byte> Chunk(ReadOnlyMemory<byte> content, int index)
    {
        int start = index * ChunkBytes;
        return content.Slice(start, Math.Min(ChunkBytes, content.Length - start));
    }
}
