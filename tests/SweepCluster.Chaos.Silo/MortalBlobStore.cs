using SweepCluster.Engine.Blobs;

namespace SweepCluster.Chaos.Silo;

/// <summary>Blobs under whose writing the process may die.</summary>
internal sealed class MortalBlobStore(IBlobStore inner, Death death) : IBlobStore
{
    /// <inheritdoc/>
    public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        death.PassAsync(Moment.BlobWrite, () => inner.PutAsync(content, cancellationToken));

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken) => inner.GetAsync(hash, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => inner.TouchAsync(hash, cancellationToken);

    /// <inheritdoc/>
    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) => inner.CollectAsync(referenced, leastAge, cancellationToken);
}
