using System.Security.Cryptography;
using SweepCluster.Engine.Files;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Blobs;

/// <summary>Blobs as files of a folder, <c>ab/abcdef...</c>. Each is written under a temporary name, flushed to disk, and renamed when complete.</summary>
public sealed class FolderBlobStore : IBlobStore
{
    private readonly string _folder;

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
        if (await HoldsAsync(path, content, cancellationToken))
        {
            Durably.FlushFolder(Path.GetDirectoryName(path)!); // whoever renamed it may have been killed before its name was on disk
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
    public Task<bool> ContainsAsync(string hash, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(hash)));

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
