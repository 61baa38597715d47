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
}
