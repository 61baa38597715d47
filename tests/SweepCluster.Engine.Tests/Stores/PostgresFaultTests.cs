using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Stores;

/// <summary>What silos meet when the database, its disk, its operator or a clock misbehaves.</summary>
public sealed class PostgresFaultTests
{
    private const int Jobs = 300;
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_shortLease = TimeSpan.FromSeconds(2); // a claim whose answer was cut off is nobody's until it ends

    [Fact]
    public async Task Silos_TheServerRestartsTwiceInTheMiddle_RecordEveryResultOnce()
    {
        PostgresServer server = await PostgresServer.StartAsync();
        await RecordAllAsync(await server.CreateDatabaseAsync(), async () =>
        {
            await server.PauseAsync();
            await server.ResumeAsync();
        });
    }

    [Fact]
    public async Task Silos_TheirConnectionsAreCutInTheMiddle_RecordEveryResultOnce()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string address = await server.CreateDatabaseAsync();
        await RecordAllAsync(address, () => PostgresServer.ExecuteAsync(
            address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    }

    [Fact]
    public async Task Claim_ALeaseRanOutWhileTheServerWasAway_MayStillBeRenewed()
    {
        await using PostgresDatabase database = await OpenRestartedAsync(secondsAgo: 9);
        await using PostgresStore store = new(database, TimeProvider.System);
        Claim held = await ClaimOneAsync(store);
        await AgeAsync(database);

        Assert.Empty(await store.ClaimAsync(ClaimFilter.Any, "other", 1, s_lease, default));
        Assert.True(Assert.Single(await store.RenewAsync([held], s_lease, default)));
    }

    [Fact]
    public async Task Claim_ALeaseRanOutAndTheServerIsBackForLong_IsGivenAgain()
    {
        await using PostgresDatabase database = await OpenRestartedAsync(secondsAgo: 10);
        await using PostgresStore store = new(database, TimeProvider.System);
        await ClaimOneAsync(store);
        await AgeAsync(database);

        Assert.Equal(Claim.SiloLost, Assert.Single(await store.ClaimAsync(ClaimFilter.Any, "other", 1, s_lease, default)).LastError);
    }

    [Fact]
    public async Task Heartbeat_AfterTheServerWasAway_TakesNobodyForLost()
    {
        await using PostgresDatabase database = await OpenRestartedAsync(secondsAgo: 9);
        await using PostgresStore store = new(database, TimeProvider.System);
        await store.HeartbeatAsync(Silo("here"), s_shortLease, default);
        await store.HeartbeatAsync(Silo("there"), s_shortLease, default);
        await AgeAsync(database);

        await store.HeartbeatAsync(Silo("here"), s_shortLease, default);
        Assert.Equal(["here", "there"], (await store.ListSilosAsync(default)).Select(status => status.Silo.Name));
        await store.HeartbeatAsync(Silo("there"), s_shortLease, default);

        Assert.Equal([StoreEventKind.SiloJoined, StoreEventKind.SiloJoined], (await store.ReadEventsAsync(null, 0, 10, default)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Heartbeat_TheServerIsBackForLong_TellsWhoDidNotComeBack()
    {
        await using PostgresDatabase database = await OpenRestartedAsync(secondsAgo: 10);
        await using PostgresStore store = new(database, TimeProvider.System);
        await store.HeartbeatAsync(Silo("here"), s_shortLease, default);
        await store.HeartbeatAsync(Silo("there"), s_shortLease, default);
        await AgeAsync(database);

        await store.HeartbeatAsync(Silo("here"), s_shortLease, default);

        Assert.Equal(
            [StoreEventKind.SiloJoined, StoreEventKind.SiloJoined, StoreEventKind.SiloLost], (await store.ReadEventsAsync(null, 0, 10, default)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task WaitForChange_TheServerRestarts_IsWokenToLookAgain()
    {
        PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(await server.CreateDatabaseAsync(), TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        while ((await database.QueryAsync("SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN sweep_changed'", [], row => row.GetInt32(0), limit.Token)).Count == 0)
        {
            await Task.Yield(); // until it listens
        }

        long seen = await store.WaitForChangeAsync(0, limit.Token);
        Task<long> waiting = store.WaitForChangeAsync(seen, limit.Token);

        await server.PauseAsync();
        await server.ResumeAsync();

        Assert.NotEqual(seen, await waiting); // something may have changed that nobody could tell
    }

    [Fact]
    public async Task TryRecord_NoRoomOnTheDisk_WaitsUntilThereIs()
    {
        (string address, PostgresDatabase database) = await OpenAsync(TimeProvider.System);
        await using PostgresDatabase closing = database;
        await using PostgresStore store = new(database, TimeProvider.System);
        Claim claim = await ClaimOneAsync(store);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        await FillDiskAsync(address);

        Task<RecordOutcome> recording = store.TryRecordAsync(claim, JobResult.Of("1"), [], default);
        while (await TriesAsync(database, limit.Token) < 2)
        {
            await Task.Yield(); // until it was refused twice
        }

        Assert.False(recording.IsCompleted);
        await PostgresServer.ExecuteAsync(address, "DROP TRIGGER full_disk ON sweep.results");

        Assert.Equal(RecordOutcome.Recorded, await recording);
        Assert.Single(await store.ReadResultsAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task TryRecord_NoRoomOnTheDiskForLong_SaysSoAndRecordsNothing()
    {
        (string address, PostgresDatabase database) = await OpenAsync(new HastyTime());
        await using PostgresDatabase closing = database;
        await using PostgresStore store = new(database, TimeProvider.System);
        Claim claim = await ClaimOneAsync(store);
        await FillDiskAsync(address);

        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.TryRecordAsync(claim, JobResult.Of("1"), [], default));

        Assert.Equal(
            $"the store {database.Place} has no room: could not extend file \"base/1/2\": No space left on device; everything recorded before is kept.", error.Message);
        Assert.True(error.IsTransient);
        Assert.Equal(new SweepStatus(1, 0, 1), (await store.ReadStatusAsync("a", default)) with { Added = null });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Claim_SilosClocksAreAMinuteApart_LeasesGoByTheDatabase(int minutes)
    {
        TimeProvider skewed = new SkewedTime(TimeSpan.FromMinutes(minutes));
        (string address, PostgresDatabase first) = await OpenAsync(TimeProvider.System);
        await using PostgresDatabase closing = first;
        await using PostgresDatabase second = await PostgresDatabase.OpenAsync(address, skewed, default);
        await using PostgresStore here = new(first, TimeProvider.System), there = new(second, skewed);
        Claim claim = await ClaimOneAsync(here, TimeSpan.FromSeconds(40));
        await here.HeartbeatAsync(Silo("here"), TimeSpan.FromSeconds(40), default);
        await there.HeartbeatAsync(Silo("there"), TimeSpan.FromSeconds(40), default);

        Assert.Empty(await there.ClaimAsync(ClaimFilter.Any, "there", 1, s_lease, default));
        Assert.Equal(["here", "there"], (await there.ListSilosAsync(default)).Select(status => status.Silo.Name));
        Assert.Equal(["here", "there"], (await here.ListSilosAsync(default)).Select(status => status.Silo.Name));
        Assert.Equal([true], (await here.RenewAsync([claim], TimeSpan.FromSeconds(40), default)).AsEnumerable());
        Assert.Equal(RecordOutcome.Recorded, await here.TryRecordAsync(claim, JobResult.Of("1"), [], default));
    }

    [Theory]
    [InlineData("nobody", "secret", "password authentication failed for user \"nobody\"")]
    [InlineData("guest", "guest", "permission denied for database")]
    public async Task Open_AsAUserWhoMayNot_SaysSo(string user, string password, string found)
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string address = await server.CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(address, "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'guest'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => PostgresDatabase.OpenAsync($"{address};Username={user};Password={password}", TimeProvider.System, default));

        Assert.Contains($"found '{found}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("', expected a database that this user may use.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_WhileSilosClaimAndRecord_LeavesNothingBehind()
    {
        (string _, PostgresDatabase database) = await OpenAsync(TimeProvider.System);
        await using PostgresDatabase closing = database;
        await using PostgresStore store = new(database, TimeProvider.System);
        await store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, Jobs).Select(Job)], default);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        Task[] silos = [.. Enumerable.Range(0, 4).Select(silo => Task.Run(() => DisturbAsync(store, $"silo {silo}", limit.Token)))];
        while ((await store.ReadStatusAsync("a", limit.Token)).Results < 20)
        {
            await Task.Yield();
        }

        await store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default);
        await store.RemoveSweepAsync("a", default);
        await Task.WhenAll(silos);

        Assert.Equal([0L], await database.QueryAsync(
            """
            SELECT (SELECT count(*) FROM sweep.jobs) + (SELECT count(*) FROM sweep.queue) + (SELECT count(*) FROM sweep.leases) + (SELECT count(*) FROM sweep.results)
                + (SELECT count(*) FROM sweep.sweeps)
            """,
            [], row => row.GetInt64(0), default));
    }

    /// <summary>Several silos on connections of their own work on a sweep while something happens twice.</summary>
    private static async Task RecordAllAsync(string address, Func<Task> disturb)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(address, TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        await store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, Jobs).Select(Job)], default);

        PostgresDatabase[] databases = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PostgresDatabase.OpenAsync(address, TimeProvider.System, limit.Token)));
        Task[] silos = [.. databases.Select((own, silo) => Task.Run(() => WorkAsync(own, $"silo {silo}", limit.Token)))];
        foreach (int reached in (int[])[Jobs / 10, Jobs / 2])
        {
            while ((await store.ReadStatusAsync("a", limit.Token)).Results < reached)
            {
                await Task.Yield();
            }

            await disturb();
        }

        await Task.WhenAll(silos);
        ImmutableArray<RecordedResult> results = await store.ReadResultsAsync("a", 0, Jobs * 2, default);
        Assert.Equal(Enumerable.Range(1, Jobs).Select(place => (long)place), results.Select(result => result.Sequence));
        Assert.Equal(Enumerable.Range(0, Jobs).Select(job => (long)job), results.Select(result => result.JobSequence).Order());
        Assert.All(results, result => Assert.Equal($"{result.JobSequence}", result.Result.Payload));
        Assert.Equal(new SweepStatus(Jobs, Jobs, 0), (await store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal([StoreEventKind.Submitted, StoreEventKind.Finished], (await store.ReadEventsAsync("a", 0, 10_000, default))
            .Select(entry => entry.Kind).Where(kind => kind != StoreEventKind.AttemptFailed));
    }

    private static async Task WorkAsync(PostgresDatabase database, string silo, CancellationToken limit)
    {
        await using PostgresDatabase closing = database;
        await using PostgresStore store = new(database, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!(await store.ReadStatusAsync("a", limit)).IsFinished)
            {
                await Task.WhenAll((await store.ClaimAsync(ClaimFilter.Any, silo, 2, s_shortLease, limit))
                    .Select(claim => store.TryRecordAsync(claim, JobResult.Of($"{claim.Sequence}"), [], limit)));
            }
        }));
    }

    /// <summary>Records, releases, renews and fails in turn until the sweep is gone.</summary>
    private static async Task DisturbAsync(PostgresStore store, string silo, CancellationToken limit)
    {
        int turn = 0;
        while ((await store.ListSweepsAsync(limit)).Length > 0)
        {
            foreach (Claim claim in await store.ClaimAsync(ClaimFilter.Any, silo, 3, s_lease, default))
            {
                await ((turn++ % 4) switch
                {
                    0 => store.ReleaseAsync([claim], default),
                    1 => store.FailAsync(claim, "no memory", TimeSpan.Zero, default),
                    2 => store.RenewAsync([claim], s_lease, default),
                    _ => store.TryRecordAsync(claim, JobResult.Of("1"), [], default).ContinueWith(
                        recording => Assert.True(recording.IsCompletedSuccessfully || recording.Exception!.InnerException is StoreConflictException), TaskScheduler.Default),
                });
            }
        }
    }

    private static async Task<PostgresDatabase> OpenRestartedAsync(int secondsAgo) =>
        await PostgresDatabase.OpenAsync(await RestartedServer.CreateDatabaseAsync(TimeSpan.FromSeconds(secondsAgo)), TimeProvider.System, default);

    // As if an hour had passed: leases and promises ran out, and are from before the restart.
    private static Task<int> AgeAsync(PostgresDatabase database) => database.RunAsync(
        (connection, token) => connection.ExecuteAsync(
            """
            WITH l AS (UPDATE sweep.leases SET claimed = claimed - interval '1 h', leased_until = leased_until - interval '1 h')
            UPDATE sweep.silos SET seen = seen - interval '1 h', promised_until = promised_until - interval '1 h'
            """,
            [], token),
        default);

    // A full disk of one table: the error that the server gives when it cannot extend a file.
    private static Task FillDiskAsync(string address) => PostgresServer.ExecuteAsync(
        address,
        """
        CREATE SEQUENCE sweep.tries;
        CREATE FUNCTION sweep.full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM nextval('sweep.tries'); RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON sweep.results EXECUTE FUNCTION sweep.full_disk();
        """);

    private static async Task<long> TriesAsync(PostgresDatabase database, CancellationToken limit) =>
        (await database.QueryAsync("SELECT last_value FROM sweep.tries", [], row => row.GetInt64(0), limit))[0];

    private static async Task<(string Address, PostgresDatabase Database)> OpenAsync(TimeProvider time)
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        return (address, await PostgresDatabase.OpenAsync(address, time, default));
    }

    private static async Task<Claim> ClaimOneAsync(PostgresStore store, TimeSpan? lease = null)
    {
        await store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job(0)], default);
        return Assert.Single(await store.ClaimAsync(ClaimFilter.Any, "here", 1, lease ?? s_lease, default));
    }

    private static SweepRecord Sweep(string id) => new(id, $"sweep {id}", "spec", "model", "data", "0.1.0", "{}");

    private static Job Job(int index) => new(JobKind.Trial, index.ToString(CultureInfo.InvariantCulture), "{}");

    private static SiloRecord Silo(string name) => new(name, "0.1.0", new SiloCapacity(2, 1L << 30, AllowsCommands: false));

    /// <summary>A clock that is off.</summary>
    private sealed class SkewedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    /// <summary>A clock on which a minute passes whenever somebody looks.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _minutes;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Increment(ref _minutes) * TimeSpan.TicksPerMinute;
    }
}
