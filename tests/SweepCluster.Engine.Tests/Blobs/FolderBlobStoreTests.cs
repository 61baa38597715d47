using SweepCluster.Engine.Blobs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Blobs;

public sealed class FolderBlobStoreTests : IDisposable
{
    // SHA-256 of "abc", FIPS 180-2 appendix B.1.
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;

    public FolderBlobStoreTests()
    {
        _blobs = new FolderBlobStore(_folder["blobs"]);
    }

    private string AbcPath => Path.Combine(_folder["blobs"], "ba", Abc);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_Content_IsNamedByItsHashAndReadBack()
    {
        Assert.False(await _blobs.ContainsAsync(Abc, default));

        Assert.Equal(Abc, await _blobs.PutAsync("abc"u8.ToArray(), default));

        Assert.True(await _blobs.ContainsAsync(Abc, default));
        Assert.Equal("abc"u8.ToArray(), (await _blobs.GetAsync(Abc, default)).ToArray());
        Assert.Equal([AbcPath], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)); // no temporary file is left
    }

    [Fact]
    public async Task Get_Missing_SaysSo()
    {
        BlobUnavailableException error = await Assert.ThrowsAsync<BlobUnavailableException>(() => _blobs.GetAsync(Abc, default));

        Assert.False(error.IsDamaged);
        Assert.Equal($"{AbcPath}: the blob is missing.", error.Message);
    }

    [Theory]
    [InlineData("abd")]
    [InlineData("ab")]
    [InlineData("")]
    public async Task Get_Damaged_SaysSoAndPutHeals(string found)
    {
        await _blobs.PutAsync("abc"u8.ToArray(), default);
        await File.WriteAllTextAsync(AbcPath, found);

        BlobUnavailableException error = await Assert.ThrowsAsync<BlobUnavailableException>(() => _blobs.GetAsync(Abc, default));
        Assert.True(error.IsDamaged);
        Assert.EndsWith($"expected {Abc}.", error.Message, StringComparison.Ordinal);
        await _blobs.PutAsync("abc"u8.ToArray(), default);

        Assert.Equal("abc"u8.ToArray(), (await _blobs.GetAsync(Abc, default)).ToArray());
    }

    [Fact]
    public async Task Put_EqualContentAtOnce_LeavesOneBlob()
    {
        byte[] content = new byte[100_000];

        string[] hashes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _blobs.PutAsync(content, default))));

        Assert.Single(hashes.Distinct());
        Assert.Single(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(content, (await _blobs.GetAsync(hashes[0], default)).ToArray());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public async Task Get_NoHash_IsRefused(string name) => await Assert.ThrowsAsync<ArgumentException>(() => _blobs.GetAsync(name, default));
}
