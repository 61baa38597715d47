namespace SweepCluster.Engine.Blobs;

/// <summary>A store of its own in front of others that are only read: what one of them has is copied when somebody asks for it.</summary>
internal sealed class ChainedBlobStore(IBlobStore own, IReadOnlyList<IBlobStore> earlier) : IBlobStore
{
    /// <inheritdoc/>
    public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => own.PutAsync(content, cancellationToken);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await own.GetAsync(hash, cancellationToken);
        }
        catch (BlobUnavailableException)
        {
            if (await CopyAsync(hash, cancellationToken) is { } copied)
            {
                return copied;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) =>
        await own.TouchAsync(hash, cancellationToken) || await CopyAsync(hash, cancellationToken) is not null;

    /// <inheritdoc/>
    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) => own.CollectAsync(referenced, leastAge, cancellationToken);

    private async Task<ReadOnlyMemory<byte>?> CopyAsync(string hash, CancellationToken cancellationToken)
    {
        foreach (IBlobStore store in earlier)
        {
            try
            {
                ReadOnlyMemory<byte> content = await store.GetAsync(hash, cancellationToken);
                await own.PutAsync(content, cancellationToken);
                return content;
            }
            catch (BlobUnavailableException)
            {
                // The next one may have it; where none has, it is made again.
            }
        }

        return null;
    }
}
