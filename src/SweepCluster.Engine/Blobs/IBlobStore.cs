namespace SweepCluster.Engine.Blobs;

/// <summary>Content-addressed bytes: cells, reference outputs. A blob's name is the SHA-256 of its content, checked on every read.</summary>
public interface IBlobStore
{
    /// <summary>Stores a blob; when this returns it is on disk. Storing equal content again is cheap and heals a damaged copy.</summary>
    /// <returns>The SHA-256 of the content, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="Stores.StoreUnavailableException">It could not be written (disk full); nothing is left under its name.</exception>
    Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a blob and checks it against its name.</summary>
    /// <exception cref="BlobUnavailableException">There is none, or its bytes have another hash: whoever needs it makes it again.</exception>
    Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Whether a blob is there; its content is not checked.</summary>
    Task<bool> ContainsAsync(string hash, CancellationToken cancellationToken);
}
