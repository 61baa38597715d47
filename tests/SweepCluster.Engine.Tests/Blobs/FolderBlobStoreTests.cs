using SweepCluster.Engine.Blobs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Blobs;

public sealed class FolderBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public override Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new FolderBlobStore(_folder["blobs"]));

    private protected override Task DamageAsync(string hash, byte[] content) => File.WriteAllBytesAsync(PathOf(hash), content);

    private protected override Task<int> CountAsync() => Task.FromResult(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Count());

    private protected override Task PassAsync(TimeSpan time)
    {
        foreach (FileInfo file in new DirectoryInfo(_folder.Path).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.LastWriteTimeUtc -= time;
        }

        return Task.CompletedTask;
    }

    private string PathOf(string hash) => Path.Combine(_folder["blobs"], hash[..2], hash);

    [Fact]
    public async Task Put_Content_LeavesOneFileInItsPlace()
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);

        Assert.Equal([PathOf(Abc)], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)); // no temporary file is left
    }

    [Fact]
    public async Task Get_Missing_NamesTheFile()
    {
        BlobUnavailableException error = await Assert.ThrowsAsync<BlobUnavailableException>(() => Blobs.GetAsync(Abc, default));

        Assert.Equal($"{PathOf(Abc)}: the blob is missing.", error.Message);
    }
}
