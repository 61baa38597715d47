using System.Globalization;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Blobs;

public sealed class PostgresBlobStoreTests : BlobStoreContract
{
    private string _address = "";
    private PostgresDatabase _database = null!;

    public override async Task InitializeAsync()
    {
        _address = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync() => await _database.DisposeAsync();

    private protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new PostgresBlobStore(_database));

    private protected override Task DamageAsync(string hash, byte[] content) =>
        PostgresServer.ExecuteAsync(_address, $"UPDATE sweep.blob_chunks SET content = '\\x{Convert.ToHexString(content)}' WHERE hash = '\\x{hash}'");

    private protected override Task PassAsync(TimeSpan time) => PostgresServer.ExecuteAsync(
        _address, string.Create(CultureInfo.InvariantCulture, $"UPDATE sweep.blobs SET stored = stored - interval '{time.TotalSeconds} seconds'"));

    private protected override async Task<int> CountAsync() =>
        (int)(await _database.QueryAsync("SELECT count(*) FROM sweep.blobs", [], row => row.GetInt64(0), default))[0];

    [Fact]
    public async Task Get_AChunkIsLost_IsDamagedAndPutHeals()
    {
        byte[] content = new byte[(2 << 20) + 5];
        new Random(4).NextBytes(content);
        string hash = await Blobs.PutAsync(content, default);
        await PostgresServer.ExecuteAsync(_address, "DELETE FROM sweep.blob_chunks WHERE index = 1");

        Assert.True((await Assert.ThrowsAsync<BlobUnavailableException>(() => Blobs.GetAsync(hash, default))).IsDamaged);
        await Blobs.PutAsync(content, default);

        Assert.Equal(content, (await Blobs.GetAsync(hash, default)).ToArray());
    }

    [Fact]
    public async Task Collect_MoreThanAPage_RemovesAllButTheReferredOnes()
    {
        await PostgresServer.ExecuteAsync(
            _address, "INSERT INTO sweep.blobs (hash, size, stored) SELECT sha256(n::text::bytea), 3, now() - interval '1 day' FROM generate_series(1, 2500) AS n");
        string kept = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("1234"u8));

        Assert.Equal(2499 * 3, await Blobs.CollectAsync(new HashSet<string> { kept }, TimeSpan.FromHours(1), default));

        Assert.Equal(1, await CountAsync());
        Assert.True(await Blobs.TouchAsync(kept, default));
    }

    [Fact]
    public async Task Collect_LargeBlobs_RemovesFewAtATime()
    {
        const long Size = 50L << 20, Most = 256L << 20;
        await PostgresServer.ExecuteAsync(
            _address,
            $"""
            INSERT INTO sweep.blobs (hash, size, stored) SELECT sha256(n::text::bytea), {Size}, now() - interval '1 day' FROM generate_series(1, 20) AS n;
            INSERT INTO sweep.blobs (hash, size, stored) VALUES (sha256('large'), {Most * 4}, now() - interval '1 day');
            CREATE TABLE statements (blobs bigint, bytes bigint);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO statements SELECT count(*), sum(size) FROM gone; RETURN NULL; END $$;
            CREATE TRIGGER note AFTER DELETE ON sweep.blobs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note();
            """);

        Assert.Equal((Size * 20) + (Most * 4), await Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromHours(1), default));

        Assert.Equal(0, await CountAsync());
        Assert.Empty(await _database.QueryAsync("SELECT bytes FROM statements WHERE blobs > 1 AND bytes > $1", [Most], row => row.GetInt64(0), default));
    }

    [Fact]
    public async Task Collect_TheServerIsSlow_TakesItsTime()
    {
        await PostgresServer.ExecuteAsync(
            _address,
            """
            INSERT INTO sweep.blobs (hash, size, stored) VALUES (sha256('a'), 3, now() - interval '1 day');
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.5); RETURN OLD; END $$;
            CREATE TRIGGER slow BEFORE DELETE ON sweep.blobs FOR EACH ROW EXECUTE FUNCTION slow();
            """);
        await using PostgresDatabase hasty = await PostgresDatabase.OpenAsync($"{_address};Command Timeout=1", TimeProvider.System, default);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));

        Assert.Equal(3, await new PostgresBlobStore(hasty).CollectAsync(new HashSet<string>(), TimeSpan.FromHours(1), limit.Token));
    }
}
