using System.Collections.Immutable;
using Npgsql;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;

namespace SweepCluster.Engine.Tests.Stores;

public sealed partial class PostgresStoreTests
{
    [Fact]
    public async Task Dispose_AClaimWhoseCallerGaveUpIsOnItsWay_GivesItBackWithoutBlame()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        PostgresDatabase database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        PostgresStore closing = new(database, TimeProvider.System);
        await using NpgsqlConnection held = await LockAsync("LOCK TABLE sweep.leases IN EXCLUSIVE MODE");
        using CancellationTokenSource stop = new();
        Task<ImmutableArray<Claim>> claiming = closing.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, stop.Token);
        await SomebodyWaitsAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claiming);
        Task disposing = closing.DisposeAsync().AsTask();
        await held.ExecuteAsync("ROLLBACK", [], default);
        await disposing;
        await database.DisposeAsync();

        Assert.Equal(0, (await Store.ReadStatusAsync("a", default)).Leased);
        Assert.Equal([(2L, 0), (2L, 0)], (await Store.ClaimAsync(ClaimFilter.Any, "next", 10, s_lease, default)).Select(claim => (claim.Epoch, claim.Attempts)));
    }

    [Fact]
    public async Task Renew_AHolderAndACopy_LocksInTheOrderOfTheJobs()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        Claim first = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default));
        await PassAsync(s_leastAge);
        Claim holder = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "second", 1, s_lease, default)), copy = (await CopyAsync("second"))!;
        await using NpgsqlConnection held = await LockAsync("SELECT FROM sweep.leases WHERE sequence = 0 FOR UPDATE");

        Task<ImmutableArray<bool>> renewing = Store.RenewAsync([holder, copy], s_lease, default);
        await SomebodyWaitsAsync();
        await held.ExecuteAsync("SELECT FROM sweep.leases WHERE sequence = 1 FOR UPDATE NOWAIT", [], default); // throws where the later job is locked before the earlier one
        await held.ExecuteAsync("ROLLBACK", [], default);

        Assert.Equal([true, true], All(await renewing));
        Assert.Equal([true], All(await Store.RenewAsync([first], s_lease, default)));
    }

    [Fact]
    public async Task ClaimCopy_ALateJobIsInSomebodysHands_TakesTheNext()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default);
        await PassAsync(s_leastAge);
        await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default);
        await PassAsync(s_leastAge);
        await using NpgsqlConnection held = await LockAsync("SELECT FROM sweep.leases WHERE sequence = 0 FOR UPDATE");

        Claim? copy = await CopyAsync("second");

        Assert.Equal(1, copy?.Sequence);
        await held.ExecuteAsync("ROLLBACK", [], default);
        Assert.Equal(0, (await CopyAsync("second"))?.Sequence);
    }

    [Fact]
    public async Task Heartbeat_AnotherIsSpeakingAtThisMoment_IsNotLostAndNotWaitedFor()
    {
        await Store.HeartbeatAsync(Silo("here"), s_leastAge, default);
        await Store.HeartbeatAsync(Silo("there"), s_leastAge, default);
        await PassAsync(s_leastAge);
        await using NpgsqlConnection held = await LockAsync("SELECT FROM sweep.silos WHERE name = 'there' FOR UPDATE");

        await Store.HeartbeatAsync(Silo("here"), s_leastAge, default); // returns while the other's row is locked

        await held.ExecuteAsync("ROLLBACK", [], default);
        await Store.HeartbeatAsync(Silo("there"), s_leastAge, default);
        Assert.DoesNotContain(await Store.ReadEventsAsync(null, 0, 10, default), entry => entry.Kind == StoreEventKind.SiloLost);
    }

    /// <summary>A connection, without the limits of a silo's, that did something in a transaction and has not ended it.</summary>
    private async Task<NpgsqlConnection> LockAsync(string sql)
    {
        NpgsqlConnection connection = new(_address + ";Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync("BEGIN", [], default);
        await connection.ExecuteAsync(sql, [], default);
        return connection;
    }

    /// <summary>Until a statement waits for a lock.</summary>
    private async Task SomebodyWaitsAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        while ((await _database.QueryAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", [], row => row.GetInt64(0), limit.Token))[0] == 0)
        {
            await Task.Yield();
        }
    }
}
