using System.Collections.Concurrent;
using SweepCluster.Engine.Blobs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Blobs;

/// <summary>The contract through a cache, and the cache's own promises: fetched once, checked on every read, bounded.</summary>
public sealed class CachedBlobStoreTests : BlobStoreContract, IDisposable
{
    private const long Limit = 8 << 20;
    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();
    private CountingStore _shared = null!;

    public override Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private protected override Task<IBlobStore> OpenAsync()
    {
        _shared = new CountingStore(new FolderBlobStore(_folder["shared"]));
        return Task.FromResult<IBlobStore>(new CachedBlobStore(_shared, _folder["cache"], Limit, _time));
    }

    private protected override async Task DamageAsync(string hash, byte[] content)
    {
        foreach (string place in new[] { "shared", "cache" })
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder[place], hash[..2], hash), content);
        }
    }

    private protected override Task PassAsync(TimeSpan time)
    {
        foreach (FileInfo file in new DirectoryInfo(_folder["shared"]).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.LastWriteTimeUtc -= time;
        }

        return Task.CompletedTask;
    }

    private protected override Task<int> CountAsync() => Task.FromResult(Directory.EnumerateFiles(_folder["shared"], "*", SearchOption.AllDirectories).Count());

    [Fact]
    public async Task Get_ManyAtOnceAndAgain_FetchesOnce()
    {
        await new FolderBlobStore(_folder["shared"]).PutAsync("abc"u8.ToArray(), default);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Blobs.GetAsync(Abc, default)));
        await Blobs.GetAsync(Abc, default);

        Assert.Equal([Abc], _shared.Fetched);
    }

    [Fact]
    public async Task Get_EveryoneGivesUpBeforeTheFetchEnds_KeepsTheBlobInTheFolderAlone()
    {
        await new FolderBlobStore(_folder["shared"]).PutAsync("abc"u8.ToArray(), default);
        TaskCompletionSource arrives = new();
        _shared.Before = arrives.Task;
        using CancellationTokenSource giveUp = new();
        Task[] gets = [.. Enumerable.Range(0, 3).Select(_ => Blobs.GetAsync(Abc, giveUp.Token))];
        Assert.True(await BecomesAsync(() => !_shared.Fetched.IsEmpty));
        await giveUp.CancelAsync();
        foreach (Task get in gets)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        }

        arrives.SetResult();

        Assert.True(await BecomesAsync(() => ((CachedBlobStore)Blobs).Fetches == 0));
        Assert.Equal("abc", await File.ReadAllTextAsync(Path.Combine(_folder["cache"], Abc[..2], Abc)));
        Assert.Equal([Abc], _shared.Fetched);
    }

    [Fact]
    public async Task Get_OwnBlob_IsNotFetched()
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);

        Assert.Equal("abc"u8.ToArray(), (await Blobs.GetAsync(Abc, default)).ToArray());

        Assert.Empty(_shared.Fetched);
    }

    [Fact]
    public async Task Get_DamagedCopy_IsFetchedAgainAndHealed()
    {
        await Blobs.PutAsync("abc"u8.ToArray(), default);
        string copy = Path.Combine(_folder["cache"], Abc[..2], Abc);
        await File.WriteAllTextAsync(copy, "abd");

        Assert.Equal("abc"u8.ToArray(), (await Blobs.GetAsync(Abc, default)).ToArray());

        Assert.Equal([Abc], _shared.Fetched);
        Assert.Equal("abc", await File.ReadAllTextAsync(copy));
    }

    [Fact]
    public async Task Put_MoreThanFits_KeepsWhatWasUsedLast()
    {
        string[] hashes = new string[12];
        for (int i = 0; i < hashes.Length; i++)
        {
            byte[] content = new byte[1 << 20];
            content[0] = (byte)i;
            _time.Move(TimeSpan.FromSeconds(1));
            hashes[i] = await Blobs.PutAsync(content, default);
            await Blobs.GetAsync(hashes[0], default); // in use all the time
        }

        Assert.InRange(new DirectoryInfo(_folder["cache"]).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), 1, Limit);
        await Blobs.GetAsync(hashes[0], default);
        await Blobs.GetAsync(hashes[^1], default);
        Assert.Empty(_shared.Fetched);
        await Blobs.GetAsync(hashes[1], default);
        Assert.Equal([hashes[1]], _shared.Fetched);
    }

    [Fact]
    public async Task New_AnotherProcessRemovesFilesMeanwhile_CountsThoseThatAreLeft()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder["cache"], "ab")).FullName;
        string[] files = [.. Enumerable.Range(0, 5000).Select(index => Path.Combine(folder, $"{index}"))];
        Array.ForEach(files, file => File.WriteAllText(file, ""));
        Task removing = Task.Run(() => Array.ForEach(files, File.Delete));

        List<CachedBlobStore> opened = [];
        do
        {
            opened.Add(new CachedBlobStore(_shared, _folder["cache"], Limit, _time));
        }
        while (!removing.IsCompleted);

        await removing;
        Assert.NotEmpty(opened);
    }

    [Fact]
    public async Task FindFault_FolderThatCannotBeMade_SaysWhyAndNothingFails()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        CountingStore shared = new(new FolderBlobStore(_folder["shared"]));
        CachedBlobStore closed = new(shared, Path.Combine(_folder["file"], "cache"), Limit, _time), open = new(shared, _folder["cache"], Limit, _time);

        string hash = await closed.PutAsync(new byte[] { 1, 2, 3 }, default);
        await closed.GetAsync(hash, default);
        await closed.GetAsync(hash, default);

        Assert.Contains(_folder["file"], closed.FindFault()!, StringComparison.Ordinal);
        Assert.Equal(2, shared.Fetched.Count); // each time
        Assert.Null(open.FindFault());
        Assert.Empty(Directory.GetFileSystemEntries(_folder["cache"])); // what was tried is gone
    }

    private static Task<bool> BecomesAsync(Func<bool> condition) => Task.Run(() => SpinWait.SpinUntil(condition, TimeSpan.FromMinutes(1)));

    private sealed class CountingStore(IBlobStore inner) : IBlobStore
    {
        public ConcurrentQueue<string> Fetched { get; } = new();

        public Task Before { get; set; } = Task.CompletedTask;

        public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(content, cancellationToken);

        public async Task<ReadOnlyMemory<byte>> GetAsync(string hash, CancellationToken cancellationToken)
        {
            Fetched.Enqueue(hash);
            await Before;
            return await inner.GetAsync(hash, cancellationToken);
        }

        public Task<bool> TouchAsync(string hash, CancellationToken cancellationToken) => inner.TouchAsync(hash, cancellationToken);

        public Task<long> CollectAsync(IReadOnlySet<string> referenced, TimeSpan leastAge, CancellationToken cancellationToken) => inner.CollectAsync(referenced, leastAge, cancellationToken);
    }
}
