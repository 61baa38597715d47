using SweepCluster.Engine.Blobs;

namespace SweepCluster.Engine.Tests.Blobs;

/// <summary>What every blob store promises. Each store's tests derive from this class.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    /// <summary>SHA-256 of "abc", FIPS 180-2 appendix B.1.</summary>
    protected const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private protected IBlobStore Blobs { get; private set; } = null!;

    private protected abstract Task<IBlobStore> OpenAsync();

    /// <summary>Puts other bytes in the place of the stored ones, behind the store's back.</summary>
    private protected abstract Task DamageAsync(string hash, byte[] content);

    /// <summary>Lets time pass for what is stored.</summary>
    private protected abstract Task PassAsync(TimeSpan time);

    /// <summary>How many blobs are stored.</summary>
    private protected abstract Task<int> CountAsync();

    public virtual async Task InitializeAsync() => Blobs = await OpenAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Put_Content_IsNamedByItsHashAndReadBack()
    {
        Assert.False(await Blobs.TouchAsync(Abc, default));

        Assert.Equal(Abc, await Blobs.PutAsync("abc"u8.ToArray(), default));

        Assert.True(await Blobs.TouchAsync(Abc, default));
        Assert.Equal("abc"u8.ToArray(), (await Blobs.GetAsync(Abc, default)).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((3 << 20) + 77)]
    public async Task Put_SizesAroundAChunk_AreReadBackByAnotherReader(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);

        string hash = await Blobs.PutAsync(content, default);

        Assert.Equal(content, (await (await OpenAsync()).GetAsync(hash, default)).ToArray());
    }

    [Fact]
    public async Task Get_Missing_SaysSo()
    {
        BlobUnavailableException error = await Assert.ThrowsAsync<BlobUnavailableException>(() => Blobs.GetAsync(Abc, default));

        Assert.False(error.IsDamaged);
        Assert.Contains(Abc, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abd")]
    [InlineData("ab")]
    [InlineData("abcd")]
    [InlineData("")]
    public async Task Get_Damaged_SaysSoAndPutHeals(string found)
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);
        await DamageAsync(Abc, System.Text.Encoding.ASCII.GetBytes(found));

        BlobUnavailableException error = await Assert.ThrowsAsync<BlobUnavailableException>(() => Blobs.GetAsync(Abc, default));
        Assert.True(error.IsDamaged);
        Assert.EndsWith($"expected {Abc}.", error.Message, StringComparison.Ordinal);
        await Blobs.PutAsync("abc"u8.ToArray(), default);

        Assert.Equal("abc"u8.ToArray(), (await Blobs.GetAsync(Abc, default)).ToArray());
    }

    [Fact]
    public async Task Put_EqualContentAtOnce_LeavesOneBlob()
    {
        byte[] content = new byte[100_000];

        string[] hashes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Blobs.PutAsync(content, default))));

        Assert.Single(hashes.Distinct());
        Assert.Equal(1, await CountAsync());
        Assert.Equal(content, (await Blobs.GetAsync(hashes[0], default)).ToArray());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public async Task Get_NoHash_IsRefused(string name) => await Assert.ThrowsAsync<ArgumentException>(() => Blobs.GetAsync(name, default));

    [Fact]
    public async Task Collect_BlobsThatNothingRefersTo_RemovesTheOldOnes()
    {
        string kept = await Blobs.PutAsync("kept"u8.ToArray(), default);
        string old = await Blobs.PutAsync("old"u8.ToArray(), default);
        await PassAsync(TimeSpan.FromHours(1));
        string young = await Blobs.PutAsync("young"u8.ToArray(), default);

        Assert.Equal(0, await Blobs.CollectAsync(new HashSet<string> { kept }, TimeSpan.FromHours(2), default));
        Assert.Equal(3, await Blobs.CollectAsync(new HashSet<string> { kept }, TimeSpan.FromMinutes(30), default));

        Assert.True(await Blobs.TouchAsync(kept, default));
        Assert.False(await Blobs.TouchAsync(old, default));
        Assert.True(await Blobs.TouchAsync(young, default));
        Assert.Equal("kept"u8.ToArray(), (await Blobs.GetAsync(kept, default)).ToArray());
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Collect_ABlobThatWasStoredAgain_Stays()
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);
        await PassAsync(TimeSpan.FromHours(1));
        await Blobs.PutAsync("abc"u8.ToArray(), default);

        Assert.Equal(0, await Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromMinutes(30), default));

        Assert.True(await Blobs.TouchAsync(Abc, default));
    }

    [Fact]
    public async Task Touch_ABlobThatIsThere_MakesItYoung()
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.True(await Blobs.TouchAsync(Abc, default));

        Assert.Equal(0, await Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromMinutes(30), default));
        Assert.Equal("abc"u8.ToArray(), (await Blobs.GetAsync(Abc, default)).ToArray());
    }

    [Fact]
    public async Task Collect_WhileBlobsAreStoredAgain_LosesNone()
    {
        byte[][] contents = [.. Enumerable.Range(0, 200).Select(index => BitConverter.GetBytes(index))];
        await Task.WhenAll(contents.Select(content => Blobs.PutAsync(content, default)));
        await PassAsync(TimeSpan.FromHours(1));

        Task<string[]> storing = Task.Run(() => Task.WhenAll(contents.Select(content => Blobs.PutAsync(content, default))));
        while (!storing.IsCompleted)
        {
            await Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromMinutes(30), default);
        }

        foreach ((byte[] content, string hash) in contents.Zip(await storing))
        {
            Assert.Equal(content, (await Blobs.GetAsync(hash, default)).ToArray());
        }
    }

    [Fact]
    public async Task Collect_NothingStored_RemovesNothing() => Assert.Equal(0, await Blobs.CollectAsync(new HashSet<string>(), TimeSpan.Zero, default));
}
