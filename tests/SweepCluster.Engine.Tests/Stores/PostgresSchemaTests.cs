using Npgsql;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Stores;

/// <summary>Tables of older versions, filled, brought up to date.</summary>
public sealed class PostgresSchemaTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(30);

    // What the program of version 1 left: a job with a result, one that a silo holds, one whose lease ran out, one that is free, and the coordinator behind them; a blob.
    private const string Filled =
        """
        INSERT INTO sweep.sweeps (id, name, spec, model_hash, data_hash, version, request, jobs, results) VALUES ('a', 'sweep a', 'spec', 'model', 'data', '0.1.0', '{}', 5, 1);
        INSERT INTO sweep.jobs (sweep, sequence, kind, key, payload)
            SELECT 1, n, CASE n WHEN 4 THEN 'Coordinate' ELSE 'Trial' END, n::text, '{"plan":"' || n || '"}' FROM generate_series(0, 4) AS n;
        INSERT INTO sweep.queue (sweep, sequence, coordinates, epoch, silo, leased_until) VALUES
            (1, 1, false, 3, 'there', now() + interval '10 minutes'), (1, 2, false, 2, 'lost', now() - interval '1 second'), (1, 3, false, 1, NULL, NULL), (1, 4, true, 0, NULL, NULL);
        INSERT INTO sweep.results (sweep, sequence, job, epoch, silo, payload) VALUES (1, 1, 0, 1, 'there', '1');
        INSERT INTO sweep.blobs (hash, size, added) VALUES (sha256('abc'), 3, now() - interval '1 day');
        INSERT INTO sweep.blob_chunks (hash, index, content) VALUES (sha256('abc'), 0, 'abc');
        """;

    [Theory]
    [InlineData("CREATE TABLE sweep.sweeps (id integer)")]
    [InlineData("CREATE TABLE sweep.schema_version (number integer)")]
    public async Task Open_ASchemaOfAnotherProgram_IsRefusedAndLeftAlone(string foreign)
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await PostgresServer.ExecuteAsync(address, $"CREATE SCHEMA sweep; {foreign}");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => PostgresDatabase.OpenAsync(address, TimeProvider.System, default));

        Assert.Contains("found a schema 'sweep' that this program did not make", error.Message, StringComparison.Ordinal);
        await PostgresServer.ExecuteAsync(address, $"DROP {foreign["CREATE ".Length..foreign.IndexOf('(', StringComparison.Ordinal)]}"); // it is still there
    }

    [Fact]
    public async Task Open_AUserWhoMayUseTheTablesAlone_WorksWithThem()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await (await PostgresDatabase.OpenAsync(address, TimeProvider.System, default)).DisposeAsync(); // makes the tables
        string database = new NpgsqlConnectionStringBuilder(address).Database!, user = $"worker_of_{database}";
        await PostgresServer.ExecuteAsync(address, $"""
            CREATE USER {user} PASSWORD 'works';
            REVOKE ALL ON DATABASE {database} FROM PUBLIC;
            GRANT CONNECT ON DATABASE {database} TO {user};
            GRANT USAGE ON SCHEMA sweep TO {user};
            GRANT SELECT ON ALL TABLES IN SCHEMA sweep TO {user};
            GRANT INSERT, UPDATE, DELETE ON sweep.sweeps, sweep.jobs, sweep.queue, sweep.leases, sweep.results, sweep.silos, sweep.events, sweep.blobs, sweep.blob_chunks TO {user};
            """);

        NpgsqlConnectionStringBuilder worker = new(address) { Username = user, Password = "works" };
        await using PostgresDatabase opened = await PostgresDatabase.OpenAsync(worker.ConnectionString, TimeProvider.System, default);
        await using PostgresStore store = new(opened, TimeProvider.System);
        await store.AddSweepAsync(new SweepRecord("a", "a", "spec", "model", "data", "0.1.0", "{}"), SweepControl.Default, [Job(0)], default);
        Claim claim = Assert.Single(await store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await store.ReleaseAsync([claim], default);
        await store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default);
        await store.RemoveSweepAsync("a", default);

        Assert.Empty(await store.ListSweepsAsync(default));
    }

    [Fact]
    public async Task Open_FilledTablesOfVersion1_GoesOnWithThem()
    {
        string address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using (NpgsqlConnection connection = new(address + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await PostgresSchema.MigrateAsync(connection, "here", 1, default);
        }

        await PostgresServer.ExecuteAsync(address, Filled);
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(address, TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);

        Assert.Equal(new SweepRecord("a", "sweep a", "spec", "model", "data", "0.1.0", "{}"), Assert.Single(await store.ListSweepsAsync(default)));
        Assert.Equal(new SweepStatus(5, 1, 1), (await store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal([(2L, 3L, 1), (3L, 2L, 0)], (await store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).Select(next => (next.Sequence, next.Epoch, next.Attempts)));
        Claim held = new("a", 1, Job(1), 3, "there") { Life = 1 };
        Assert.Equal([true], (await store.RenewAsync([held], s_lease, default)).AsEnumerable());
        Assert.Equal(RecordOutcome.Recorded, await store.TryRecordAsync(held, JobResult.Of("2"), [], default));
        Assert.Equal(RecordOutcome.Superseded, await store.TryRecordAsync(new Claim("a", 0, Job(0), 1, "late") { Life = 1 }, JobResult.Of("1"), [], default));
        Assert.Equal([new RecordedResult(1, 0, Job(0), JobResult.Of("1")), new RecordedResult(2, 1, Job(1), JobResult.Of("2"))], (await store.ReadResultsAsync("a", 0, 10, default)).AsEnumerable());
        Assert.Equal(new RecordedResult(1, 0, Job(0), JobResult.Of("1")), Assert.Single(await store.FindResultsAsync("0", default)));
        Assert.Equal(3, await new Engine.Blobs.PostgresBlobStore(database).CollectAsync(new HashSet<string>(), TimeSpan.FromHours(1), default));
    }

    [Fact]
    public async Task Open_Again_IsTheSameStoreAndNoOther()
    {
        PostgresServer server = await PostgresServer.SharedAsync();
        string one = await server.CreateDatabaseAsync(), other = await server.CreateDatabaseAsync();

        Guid[] ids = [await IdAsync(one), await IdAsync(one), await IdAsync(other)];

        Assert.NotEqual(Guid.Empty, ids[0]);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    private static async Task<Guid> IdAsync(string address)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(address, TimeProvider.System, default);
        return database.StoreId;
    }

    private static Job Job(int sequence) => new(JobKind.Trial, $"{sequence}", $"{{\"plan\":\"{sequence}\"}}");
}
