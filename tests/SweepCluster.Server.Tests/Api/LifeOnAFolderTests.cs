namespace SweepCluster.Server.Tests.Api;

public sealed class LifeOnAFolderTests : LifeTests
{
    private protected override Task<string?> StoreAsync() => Task.FromResult<string?>(null);
}
