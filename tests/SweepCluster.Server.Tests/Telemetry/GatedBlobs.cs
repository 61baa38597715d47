using SweepCluster.Engine.Blobs;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>Blobs whose writes wait until they may go on: whoever writes one runs meanwhile.</summary>
internal sealed class GatedBlobs(IBlobStore inner) : IBlobStore
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Open() => _open.TrySetResult();

    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await inner.PutAsync(content, cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken) => inner.GetAsync(hash, cancellationToken);

    public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => inner.TouchAsync(hash, cancellationToken);

    public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) => inner.CollectAsync(referenced, leastAge, cancellationToken);
}
