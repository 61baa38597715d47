using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Stores;

/// <summary>The contract on a real server, and what only a shared store can do.</summary>
public sealed partial class PostgresStoreTests : SweepStoreContract
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(30);
    private string _address = "";
    private PostgresDatabase _database = null!;

    public override async Task InitializeAsync()
    {
        _address = await RestartedServer.CreateDatabaseAsync(TimeSpan.FromDays(1)); // so that leases from long ago are none from before a restart
        _database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    private protected override Task<ISweepStore> OpenAsync() => Task.FromResult<ISweepStore>(new PostgresStore(_database, TimeProvider.System));

    // Leases, pauses and promises go by the database's clock: instead of moving that forward, they are all moved back.
    private protected override Task PassAsync(TimeSpan time)
    {
        string past = string.Create(CultureInfo.InvariantCulture, $"- interval '{time.TotalSeconds} seconds'");
        return PostgresServer.ExecuteAsync(
            _address,
            $"""
            UPDATE sweep.leases SET claimed = claimed {past}, leased_until = leased_until {past}, copy_claimed = copy_claimed {past}, copy_until = copy_until {past};
            UPDATE sweep.queue SET not_before = not_before {past};
            UPDATE sweep.silos SET seen = seen {past}, promised_until = promised_until {past}
            """);
    }

    [Fact]
    public async Task ReadOrigins_RecordedResults_TellSiloTimeAndFailures()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("j0"), Job("j1")], default);
        foreach (Claim claim in await Store.ClaimAsync(ClaimFilter.Any, "s1", 2, TimeSpan.FromMinutes(1), default))
        {
            await Store.TryRecordAsync(claim, claim.Sequence == 0 ? JobResult.Of("{}") : JobResult.Failed("broken"), [], default);
        }

        ImmutableArray<ResultOrigin> origins = await Store.ReadOriginsAsync("a", 0, 10, default);
        SweepStatus status = await Store.ReadStatusAsync("a", default);

        Assert.Equal([(1L, 0L, "j0", "s1", 1L), (2L, 1L, "j1", "s1", 1L)], origins.Select(origin => (origin.Sequence, origin.JobSequence, origin.Key, origin.Silo, origin.Epoch)));
        Assert.All(origins, origin => Assert.True(origin.Elapsed >= TimeSpan.Zero && origin.At - origin.Elapsed >= status.Added));
        Assert.Equal(origins.Skip(1), (await Store.ReadOriginsAsync("a", 1, 10, default)).AsEnumerable());
        Assert.Equal(1, status.Failures);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xD83D)] // half a character, which an attribute's text cannot hold
    public async Task AddSweep_ANameThatNoDatabaseTakes_IsBadInput(int code)
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => Store.AddSweepAsync(Sweep("a") with { Name = $"a{(char)code}b" }, SweepControl.Default, [Job("0")], default));

        Assert.Equal("sweep 'a\ufffdb': found a NUL or half a character in its name or spec, expected text.", error.Message);
        Assert.Empty(await Store.ListSweepsAsync(default));
    }

    [Fact]
    public async Task Claim_FromTwoSilosAtOnce_GivesNoJobTwice()
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        await using PostgresStore other = new(database, TimeProvider.System);
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, 400).Select(index => Job($"{index}"))], default);

        List<Claim>[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(silo => Task.Run(async () =>
        {
            List<Claim> claims = [];
            while (await (silo % 2 == 0 ? Store : other).ClaimAsync(ClaimFilter.Any, $"{silo}", 3, s_lease, default) is { IsEmpty: false } some)
            {
                claims.AddRange(some);
            }

            return claims;
        })));

        Assert.Equal(Enumerable.Range(0, 400).Select(index => (long)index), taken.SelectMany(claims => claims).Select(claim => claim.Sequence).Order());
    }

    [Fact]
    public async Task WaitForChange_AnotherSiloRecords_IsHeard()
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        await using PostgresStore other = new(database, TimeProvider.System);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        long seen = await Store.WaitForChangeAsync(0, default);

        // The listener needs a moment to connect, and who misses a change looks again anyway: so changes go on until one is heard.
        Task<long> waiting = Store.WaitForChangeAsync(seen, limit.Token);
        for (int i = 0; !waiting.IsCompleted; i++)
        {
            await other.AddSweepAsync(Sweep($"{i}"), SweepControl.Default, [Job("0")], limit.Token);
        }

        Assert.NotEqual(seen, await waiting);
    }

    [Fact]
    public async Task Store_ServerRestartsInBetween_GoesOn()
    {
        PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(await server.CreateDatabaseAsync(), TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        await store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        Claim claim = (await store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default))[0];

        await server.PauseAsync();
        Task<RecordOutcome> recording = store.TryRecordAsync(claim, Engine.Jobs.JobResult.Of("1"), [], default);
        Task<SweepStatus> reading = store.ReadStatusAsync("a", default);
        await server.ResumeAsync();

        Assert.Equal(RecordOutcome.Recorded, await recording);
        Assert.Equal(2, (await reading).Jobs);
        Assert.Equal([new RecordedResult(1, 0, Job("0"), Engine.Jobs.JobResult.Of("1"))], All(await store.ReadResultsAsync("a", 0, 10, default)));
    }

    [Fact]
    public async Task TryRecord_ASiloFrozeWithTheLockInItsHands_GoesOnWithoutIt()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        await using Npgsql.NpgsqlConnection frozen = await database.ConnectAsync(default);
        await using Npgsql.NpgsqlTransaction transaction = await frozen.BeginTransactionAsync();
        await frozen.ExecuteAsync("SELECT FROM sweep.sweeps FOR UPDATE", [], default);

        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(claim, Engine.Jobs.JobResult.Of("1"), [], default));
    }

    [Fact]
    public async Task Open_ManyAtOnceOnAnEmptyDatabase_MakesTheTablesOnce()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

        PostgresDatabase[] opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresDatabase.OpenAsync(address, TimeProvider.System, default)));

        foreach (PostgresDatabase database in opened)
        {
            await database.DisposeAsync();
        }

        Assert.Equal([1, 2], await _database.QueryAsync("SELECT version FROM sweep.schema_version ORDER BY version", [], row => row.GetInt32(0), default));
    }

    [Fact]
    public async Task Open_TablesOfANewerVersion_IsRefusedAndSaysSo()
    {
        await PostgresServer.ExecuteAsync(_address, "INSERT INTO sweep.schema_version (version, program) VALUES (7, '3.1.0')");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => PostgresDatabase.OpenAsync(_address, TimeProvider.System, default));

        Assert.EndsWith("found tables of version 7, made by SweepCluster 3.1.0, expected at most version 2; use that program or a newer one.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WrongPassword_SaysSo()
    {
        PostgresServer server = await PostgresServer.SharedAsync();

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => PostgresDatabase.OpenAsync(server.AddressOf("postgres", "wrong"), TimeProvider.System, default));

        Assert.Contains("found 'password authentication failed for user \"sweep\"', expected a database that this user may use.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoSuchDatabase_SaysSo()
    {
        PostgresServer server = await PostgresServer.SharedAsync();

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => PostgresDatabase.OpenAsync(server.AddressOf("absent"), TimeProvider.System, default));

        Assert.Contains("/absent: found 'database \"absent\" does not exist'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NobodyAnswers_SaysWhereAndIsTransient()
    {
        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => PostgresDatabase.OpenAsync("Host=127.0.0.1;Port=1;Username=sweep;Database=sweep", TimeProvider.System, default));

        Assert.StartsWith("the store 127.0.0.1:1/sweep cannot be reached: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("Hots=db")]
    [InlineData("Port=many;Host=db")]
    [InlineData("Database=sweep")]
    [InlineData("")]
    public async Task Open_NoConnectionString_IsBadInput(string address)
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => PostgresDatabase.OpenAsync(address, TimeProvider.System, default));

        Assert.StartsWith("--store: found ", error.Message, StringComparison.Ordinal);
    }
}
