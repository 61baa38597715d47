using SweepCluster.Testing.Databases;

namespace SweepCluster.Server.Tests.Api;

public sealed class LifeOnADatabaseTests : LifeTests
{
    private protected override async Task<string?> StoreAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
}
