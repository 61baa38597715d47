using System.Collections.Immutable;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class BlobCollectorTests
{
    [Fact]
    public async Task Keep_TwoSilos_TheFirstByNameCollectsOnceAnHour()
    {
        HandTime time = new();
        TwoSilos store = new();
        CollectedBlobs blobs = new();
        using CancellationTokenSource stop = new();
        Task second = BlobCollector.KeepAsync(store, blobs, "b", _ => { }, time, stop.Token);
        time.Move(TimeSpan.FromMinutes(59));
        Assert.Equal(0, store.Looks);
        time.Move(TimeSpan.FromMinutes(1));
        await store.LookedAsync(1);

        TaskCompletionSource<string> notice = new();
        Task first = BlobCollector.KeepAsync(store, blobs, "a", notice.SetResult, time, stop.Token);
        time.Move(TimeSpan.FromHours(1));

        Assert.Equal("collected 3 MiB of files and cells that nothing refers to any more", await notice.Task);
        await store.LookedAsync(3);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal([BlobCollector.UsualAge], blobs.Ages);
    }

    private sealed class TwoSilos() : DelegatingStore(null!)
    {
        private readonly SemaphoreSlim _looked = new(0);

        internal int Looks { get; private set; }

        internal async Task LookedAsync(int times)
        {
            while (Looks < times)
            {
                await _looked.WaitAsync();
            }
        }

        public override Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<SweepRecord>.Empty);

        public override Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken)
        {
            Looks++;
            _looked.Release();
            return Task.FromResult<ImmutableArray<SiloStatus>>([Silo("a"), Silo("b")]);
        }

        private static SiloStatus Silo(string name) => new(new SiloRecord(name, "1", new SiloCapacity(1, 0, false)), DateTimeOffset.UnixEpoch, TimeSpan.Zero, 0);
    }

    private sealed class CollectedBlobs : IBlobStore
    {
        internal List<TimeSpan> Ages { get; } = [];

        public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken)
        {
            Ages.Add(leastAge);
            return Task.FromResult(3L << 20);
        }
    }
}
