using System.Collections.Concurrent;
using System.Security.Cryptography;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Blobs;

/// <summary>A shared store behind a bounded folder of this machine: what was fetched or stored once is read from the folder, and checked on every read.</summary>
/// <remarks>Several processes may share the folder. What was not used for longest goes first; a blob that is gone or damaged is fetched again.</remarks>
public sealed class CachedBlobStore : IBlobStore
{
    private const double KeptByTrim = 0.9; // so that the folder is not looked through for every blob

    private readonly IBlobStore _shared;
    private readonly string _folder;
    private readonly long _limitBytes;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Lazy<Task<ReadOnlyMemory<byte>>>> _fetching = new(StringComparer.Ordinal);
    private readonly Lock _trimming = new();
    private long _bytes; // in the folder, as far as this process knows: measured each time it seems to be full

    /// <summary>A cache before a store.</summary>
    /// <param name="shared">The store.</param>
    /// <param name="folder">The folder; made where it does not exist.</param>
    /// <param name="limitBytes">Most bytes that stay in it. A blob larger than this is not kept.</param>
    /// <param name="time">The clock, for the order of use.</param>
    public CachedBlobStore(IBlobStore shared, string folder, long limitBytes, TimeProvider time)
    {
        _shared = shared;
        _folder = Path.GetFullPath(folder);
        _limitBytes = limitBytes;
        _time = time;
        _bytes = Directory.Exists(_folder) ? new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf) : 0;
        SiloGauges.ShowCache(_folder, this);
    }

    /// <summary>Bytes in the folder, as far as this process knows.</summary>
    internal long KeptBytes => Interlocked.Read(ref _bytes);

    /// <summary>Fetches that are on their way.</summary>
    internal int Fetches => _fetching.Count;

    /// <summary>Whether the folder can be written. Where it cannot, nothing fails: everything is fetched each time.</summary>
    /// <returns>Null where it can, else the system's reason, on one line.</returns>
    internal string? FindFault()
    {
        string probe = Path.Combine(_folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(_folder);
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return OneLine.Of(error.Message).TrimEnd('.').Replace($" '{probe}'", "", StringComparison.Ordinal);
        }
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string hash = await _shared.PutAsync(content, cancellationToken);
        Keep(hash, content);
        return hash;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
    {
        if (await FindAsync(hash, cancellationToken) is { } found)
        {
            return found;
        }

        // All who want a blob at the same time wait for one fetch, which no single one of them can cancel, nor can all of them together.
        return await _fetching.GetOrAdd(hash, hash => new Lazy<Task<ReadOnlyMemory<byte>>>(() => FetchAsync(hash))).Value.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => await _shared.TouchAsync(hash, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Collects the shared store; the folder is bounded and forgets by itself.</remarks>
    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) =>
        _shared.CollectAsync(referenced, leastAge, cancellationToken);

    private string PathOf(string hash)
    {
        _ = BlobNames.Parse(hash);
        return Path.Combine(_folder, hash[..2], hash);
    }

    private async Task<ReadOnlyMemory<byte>?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        string path = PathOf(hash);
        try
        {
            byte[] content = await File.ReadAllBytesAsync(path, cancellationToken);
            if (Convert.ToHexStringLower(SHA256.HashData(content)) == hash)
            {
                File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
                BlobMetrics.CountRead(content.Length, BlobMetrics.Cache);
                return content;
            }

            File.Delete(path); // damaged
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not there, or gone since: it is fetched.
        }

        return null;
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(string hash)
    {
        try
        {
            if (await FindAsync(hash, CancellationToken.None) is { } found)
            {
                return found; // an earlier fetch ended just now
            }

            ReadOnlyMemory<byte> content = await _shared.GetAsync(hash, CancellationToken.None);
            Keep(hash, content);
            return content;
        }
        finally
        {
            _fetching.TryRemove(hash, out _); // its own entry: as long as that is there, nobody adds another
        }
    }

    /// <summary>Keeps a copy. Where that fails (disk full), the next read fetches again: a cache is never a reason to fail.</summary>
    private void Keep(string hash, ReadOnlyMemory<byte> content)
    {
        string path = PathOf(hash), temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        if (content.Length > _limitBytes || File.Exists(path))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(temporary, content.Span);
            File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
            BlobMetrics.CountWritten(content.Length, BlobMetrics.Cache);
            Trim(content.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Removes what was not used for longest, once more was kept than fits.</summary>
    private void Trim(long added)
    {
        lock (_trimming)
        {
            _bytes += added;
            if (_bytes <= _limitBytes)
            {
                return;
            }

            (FileInfo File, long Bytes)[] files = [.. new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => (File: file, Bytes: LengthOf(file)))
                .OrderBy(entry => entry.File.LastWriteTimeUtc)];
            _bytes = files.Sum(entry => entry.Bytes);
            foreach ((FileInfo file, long bytes) in files)
            {
                if (_bytes <= _limitBytes * KeptByTrim)
                {
                    return;
                }

                _bytes -= bytes;
                TryDelete(file.FullName);
            }
        }
    }

    /// <summary>Bytes of a file; 0 where another process has removed or renamed it since it was listed.</summary>
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process was faster, or it stays until the next look.
        }
    }
}
