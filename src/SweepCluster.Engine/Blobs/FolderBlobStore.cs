using System.Security.Cryptography;
using SweepCluster.Engine.Files;
using SweepCluster.Formats.Files;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Blobs;

/// <summary>Blobs as files of a folder, <c>ab/abcdef...</c>. Each is written under a temporary name, flushed to disk, and renamed when complete.</summary>
public sealed class FolderBlobStore : IBlobStore
{
    private readonly string _folder;
    private readonly Lock _collecting = new();

    /// <summary>A store in a folder, which is made when the first blob is stored.</summary>
    public FolderBlobStore(string folder)
    {
        _folder = Path.GetFullPath(folder);
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        string path = PathOf(hash);
        if (Touch(path) && await HoldsAsync(path, content, cancellationToken))
        {
            Folders.Flush(Path.GetDirectoryName(path)!); // whoever renamed it may have been killed before its name was on disk
            return hash;
        }

        try
        {
            Durably.CreateFolder(Path.GetDirectoryName(path)!);
            await Durably.WriteAsync(path, content, cancellationToken);
            return hash;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"{path}: cannot be written ({error.Message.TrimEnd('.')}); everything recorded before is kept, resume when there is room.", error);
        }
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
    {
        string path = PathOf(hash);
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobUnavailableException(hash, isDamaged: false, $"{path}: the blob is missing.");
        }

        string found = Convert.ToHexStringLower(SHA256.HashData(content));
        return found == hash ? content : throw new BlobUnavailableException(
            hash, isDamaged: true, $"{path}: found {content.Length} bytes with the SHA-256 {found}, expected {hash}.");
    }

    /// <inheritdoc/>
    public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken)
    {
        string path = PathOf(hash);
        try
        {
            return Task.FromResult(Touch(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false); // removed just now
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{path}: cannot be made young ({error.Message.TrimEnd('.')}).", error);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Only while no other process stores blobs here.</remarks>
    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            DateTime newest = TimeProvider.System.GetUtcNow().UtcDateTime - leastAge;
            long freed = 0;
            foreach (FileInfo file in Directory.Exists(_folder) ? new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories) : [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                freed += BlobNames.IsName(file.Name) && !referenced.Contains(file.Name) ? Remove(file, newest) : 0;
            }

            return freed;
        },
        cancellationToken);

    /// <summary>Removes temporary files that a killed process left. Only while no other process stores blobs here.</summary>
    public void RemoveUnfinished()
    {
        if (Directory.Exists(_folder))
        {
            foreach (string file in Directory.EnumerateFiles(_folder, "*.tmp", SearchOption.AllDirectories))
            {
                File.Delete(file);
            }
        }
    }

    private long Remove(FileInfo file, DateTime newest)
    {
        lock (_collecting)
        {
            file.Refresh();
            if (!file.Exists || file.LastWriteTimeUtc > newest)
            {
                return 0;
            }

            long length = file.Length;
            file.Delete();
            return length;
        }
    }

    /// <summary>Makes a blob young before it is looked at, so that a collector that runs meanwhile leaves it.</summary>
    /// <returns>Whether there is one.</returns>
    private bool Touch(string path)
    {
        lock (_collecting)
        {
            bool exists = File.Exists(path);
            if (exists)
            {
                File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
            }

            return exists;
        }
    }

    private static async Task<bool> HoldsAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        return file.Exists && file.Length == content.Length
            && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(content.Span);
    }

    private string PathOf(string hash)
    {
        _ = BlobNames.Parse(hash);
        return Path.Combine(_folder, hash[..2], hash);
    }
}
