using System.Collections.Immutable;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Health;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Health;

public sealed class SiloPulseTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(10);

    private readonly HandTime _time = new();
    private readonly SiloPulse _pulse;
    private readonly ISweepStore _store;
    private bool _isAway;

    public SiloPulseTests()
    {
        _pulse = new SiloPulse(_time);
        _store = _pulse.Before(new FakeStore(() => _isAway));
    }

    [Fact]
    public async Task FindFault_BeforeTheFirstSign_SaysThatTheStoreWasNotReached() =>
        Assert.Equal("the silo has not reached the store yet", await _pulse.FindFaultAsync(default));

    [Fact]
    public async Task FindFault_WithinTheLease_IsNoneAndAfterItSaysSinceWhen()
    {
        await BeatAsync();
        _time.Move(s_lease);
        Assert.Null(await _pulse.FindFaultAsync(default));

        _time.Move(TimeSpan.FromSeconds(7));

        Assert.Equal("the silo has not reached the store since its lease ended 7 s ago", await _pulse.FindFaultAsync(default));
        await BeatAsync();
        Assert.Null(await _pulse.FindFaultAsync(default));
    }

    [Fact]
    public async Task FindFault_AfterARenewal_CountsFromThere()
    {
        await BeatAsync();
        _time.Move(s_lease - TimeSpan.FromSeconds(1));
        await _store.RenewAsync([], s_lease, default);
        _time.Move(s_lease - TimeSpan.FromSeconds(1));

        Assert.Null(await _pulse.FindFaultAsync(default));
    }

    [Fact]
    public async Task FindFault_WhenTheSiloLeft_SaysSo()
    {
        await BeatAsync();
        await _store.LeaveAsync("silo", default);

        Assert.Equal("the silo has left the cluster", await _pulse.FindFaultAsync(default));
    }

    [Fact]
    public async Task Heartbeat_ThatTheStoreDidNotTake_IsNoSignOfLife()
    {
        await BeatAsync();
        _time.Move(s_lease + TimeSpan.FromSeconds(1));
        _isAway = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(BeatAsync);

        Assert.Equal("the silo has not reached the store since its lease ended 1 s ago", await _pulse.FindFaultAsync(default));
    }

    private Task BeatAsync() => _store.HeartbeatAsync(new SiloRecord("silo", "1", new SiloCapacity(1, 1 << 30, false)), s_lease, default);

    private sealed class FakeStore(Func<bool> isAway) : DelegatingStore(null!)
    {
        public override Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken) =>
            isAway() ? Task.FromException(new StoreUnavailableException("away", null)) : Task.CompletedTask;

        public override Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<bool>.Empty);

        public override Task LeaveAsync(string silo, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
