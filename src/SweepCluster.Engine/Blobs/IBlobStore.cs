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

    /// <summary>Whether a blob is there; then it is young, as if it had been stored just now, so that whoever is told so may count on it. Its content is not read: that is checked whenever it is.</summary>
    /// <exception cref="Stores.StoreUnavailableException">It is there and cannot be made young.</exception>
    Task<bool> TouchAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Removes what nothing refers to. A blob that is stored again meanwhile stays or is stored anew, so nobody who stores one loses it.</summary>
    /// <param name="referenced">
    /// Names of blobs that are in use, however old they are. Collect the names first: what is referred to later was stored later, or is made again by whoever misses it.
    /// </param>
    /// <param name="leastAge">A blob that was stored, or stored again, less long ago stays: whoever stored it may not have said yet what for.</param>
    /// <param name="cancellationToken">Gives up; what was removed by then is gone.</param>
    /// <returns>Bytes of content that were removed.</returns>
    Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken);
}
