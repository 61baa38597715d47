using SweepCluster.Engine.Blobs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>A blob store that counts what is read from it and written to it.</summary>
internal sealed class MeteredBlobStore(IBlobStore inner, SiloLog? log = null) : IBlobStore
{
    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string hash = await inner.PutAsync(content, cancellationToken);
        BlobMetrics.CountWritten(content.Length, BlobMetrics.Store);
        return hash;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> content = await inner.GetAsync(hash, cancellationToken);
            BlobMetrics.CountRead(content.Length, BlobMetrics.Store);
            return content;
        }
        catch (BlobUnavailableException error)
        {
            log?.BlobUnavailable(hash, error.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => inner.TouchAsync(hash, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) =>
        inner.CollectAsync(referenced, leastAge, cancellationToken);
}
