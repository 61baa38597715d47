using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class JournalStoreTests : SweepStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private HandTime Time { get; } = new();

    private string JournalPath => JournalStore.PathIn(_folder.Path);

    private protected override Task<ISweepStore> OpenAsync() => Task.FromResult<ISweepStore>(JournalStore.Open(_folder.Path, Time));

    private protected override Task PassAsync(TimeSpan time)
    {
        Time.Move(time);
        return Task.CompletedTask;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_CutAtEveryByteOfTheLastRecord_LosesThatRecordOnly()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("open")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, TimeSpan.FromSeconds(30), default);
        await Store.TryRecordAsync(claims[0], JobResult.Of("{\"first\":1}"), [], default);
        long before = new FileInfo(JournalPath).Length;
        await Store.TryRecordAsync(claims[1], JobResult.Of("{\"second\":2}"), [], default);
        await Store.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(JournalPath);

        for (long length = before; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(JournalPath, whole[..(int)length]);
            await using (JournalStore cut = JournalStore.Open(_folder.Path, Time))
            {
                Assert.Equal(JobResult.Of("{\"first\":1}"), Assert.Single(await cut.ReadResultsAsync("a", 0, 10, default)).Result);
                Claim again = Assert.Single(await cut.ClaimAsync(ClaimFilter.Any, "silo", 1, TimeSpan.FromSeconds(30), default));
                Assert.Equal(1, again.Sequence);
                await cut.TryRecordAsync(again, JobResult.Of("{\"second\":2}"), [], default);
            }

            Assert.Equal(whole.Length, new FileInfo(JournalPath).Length); // the torn part is gone, the record stands in its place
            await using JournalStore healed = JournalStore.Open(_folder.Path, Time);
            Assert.Equal(2, (await healed.ReadResultsAsync("a", 0, 10, default)).Length);
        }

        await ReopenAsync();
    }

    [Fact]
    public async Task Open_CutInsideTheHeader_StartsAgain()
    {
        await Store.DisposeAsync();
        byte[] header = await File.ReadAllBytesAsync(JournalPath);
        Assert.Equal(16, header.Length);

        for (int length = 0; length <= header.Length; length++)
        {
            await File.WriteAllBytesAsync(JournalPath, header[..length]);
            await using JournalStore store = JournalStore.Open(_folder.Path, Time);
            Assert.Empty(await store.ListSweepsAsync(default));
        }

        Assert.Equal(header, await File.ReadAllBytesAsync(JournalPath));
        await ReopenAsync();
    }

    [Fact]
    public async Task Open_AnyByteOfAnEarlierRecordChanged_NamesFileAndOffset()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.ReadEventsAsync("a", 0, 1, default); // waits until they are in the file, too
        long second = new FileInfo(JournalPath).Length;
        await Store.AppendJobsAsync("a", 1, [Job("1")], default);
        long third = new FileInfo(JournalPath).Length;
        await Store.AppendJobsAsync("a", 2, [Job("2")], default);
        await Store.DisposeAsync();
        byte[] whole = await File.ReadAllBytesAsync(JournalPath);

        for (long damaged = second; damaged < third; damaged++)
        {
            byte[] bytes = [.. whole];
            bytes[damaged] ^= 0x10;
            await File.WriteAllBytesAsync(JournalPath, bytes);

            BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(_folder.Path, Time));
            Assert.StartsWith($"{JournalPath}, byte {second}: found a damaged record, expected a sound one; the next sound one starts at byte {third}.", error.Message, StringComparison.Ordinal);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(JournalPath));
        }

        await File.WriteAllBytesAsync(JournalPath, whole);
        await ReopenAsync();
    }

    [Fact]
    public async Task Open_BatchThatNeverFinishedWithAHole_CutsTheWholeBatch()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);
        await Store.DisposeAsync();
        long flushed = new FileInfo(JournalPath).Length;
        byte[] first = RecordOf(0, flushed);
        byte[] second = RecordOf(1, flushed);
        byte[] hole = new byte[first.Length]; // the system wrote the second page and not the first before the power went
        await using (FileStream file = new(JournalPath, FileMode.Append))
        {
            await file.WriteAsync(hole);
            await file.WriteAsync(second);
        }

        await ReopenAsync();

        Assert.Empty(await Store.ReadResultsAsync("a", 0, 10, default));
        Assert.Equal(flushed, new FileInfo(JournalPath).Length);
    }

    [Fact]
    public async Task Open_NewerVersion_IsRefusedAndLeftAlone()
    {
        await Store.DisposeAsync();
        byte[] journal = await File.ReadAllBytesAsync(JournalPath);
        journal[8] = 2;
        await File.WriteAllBytesAsync(JournalPath, journal);

        BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(_folder.Path, Time));

        Assert.Equal(
            $"{JournalPath}: found a journal of version 2, this program reads version 1; use the program that wrote it, or a newer one.", error.Message);
        Assert.Equal(journal, await File.ReadAllBytesAsync(JournalPath));
        journal[8] = 1;
        await File.WriteAllBytesAsync(JournalPath, journal);
        await ReopenAsync();
    }

    [Fact]
    public async Task Open_AnotherFile_IsRefused()
    {
        await Store.DisposeAsync();
        byte[] journal = await File.ReadAllBytesAsync(JournalPath);
        await File.WriteAllTextAsync(JournalPath, "a diary");

        BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(_folder.Path, Time));

        Assert.Equal($"{JournalPath}, byte 0: found no journal of a sweep, expected SWEEPJNL.", error.Message);
        await File.WriteAllBytesAsync(JournalPath, journal);
        await ReopenAsync();
    }

    [Fact]
    public void Open_WhileOpen_NamesTheProcess()
    {
        BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(_folder.Path, Time));

        Assert.Equal(
            $"{_folder.Path}: found a sweep that process {Environment.ProcessId} is running, expected one that nobody runs; wait for it or stop it.", error.Message);
    }

    [Fact]
    public async Task Open_WhileOpenAndTheOwnerUnknown_SaysAnotherProcess()
    {
        await File.WriteAllTextAsync(_folder["owner"], ""); // the disk was full when it was written

        BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(_folder.Path, Time));

        Assert.Equal($"{_folder.Path}: found a sweep that another process is running, expected one that nobody runs; wait for it or stop it.", error.Message);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("owner journal")]
    public void Open_DiskFull_SaysSoAndHoldsNothing(string files)
    {
        string folder = Directory.CreateDirectory(_folder["full"]).FullName;
        foreach (string file in files.Split(' '))
        {
            File.CreateSymbolicLink(Path.Combine(folder, file), "/dev/full"); // every write to it fails as on a full disk
        }

        StoreUnavailableException error = Assert.Throws<StoreUnavailableException>(() => JournalStore.Open(folder, Time));
        StoreUnavailableException again = Assert.Throws<StoreUnavailableException>(() => JournalStore.Open(folder, Time)); // the lock was given back

        Assert.StartsWith($"{folder}: cannot be written (No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, again.Message);
    }

    [Fact]
    public void Open_WhereNothingCanBeWritten_SaysSo()
    {
        File.WriteAllText(_folder["file"], "");

        BadInputException error = Assert.Throws<BadInputException>(() => JournalStore.Open(Path.Combine(_folder["file"], "state"), Time));

        Assert.StartsWith($"{Path.Combine(_folder["file"], "state")}: cannot be written (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadOnly_WhileOpen_ReadsWhatIsOnDisk()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);

        await using JournalStore reader = JournalStore.OpenReadOnly(_folder.Path);

        Assert.Equal([Sweep("a")], All(await reader.ListSweepsAsync(default)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.ClaimAsync(ClaimFilter.Any, "silo", 1, TimeSpan.FromSeconds(1), default));
    }

    [Fact]
    public async Task TryRecord_ManyAtOnce_AreAllThereAfterReopening()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, 1000).Select(index => Job($"{index}"))], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 1000, TimeSpan.FromSeconds(30), default);

        await Task.WhenAll(claims.Select(claim => Task.Run(() => Store.TryRecordAsync(claim, JobResult.Of($"{claim.Sequence}"), [], default))));
        await ReopenAsync();

        Assert.Equal(
            Enumerable.Range(0, 1000).Select(index => ((long)index, $"{index}")),
            (await Store.ReadResultsAsync("a", 0, 2000, default)).Select(result => (result.JobSequence, result.Result.Payload!)).Order());
    }

    [Fact]
    public async Task Open_AJournalOfTheFirstProgram_ReadsIt()
    {
        await Store.DisposeAsync();
        string[] entries =
        [
            """{"entry":"sweep","sweep":{"id":"a","name":"sweep a","spec":"spec","modelHash":"model","dataHash":"data","version":"0.1.0","request":"{}"},"jobs":[{"kind":"Coordinate","key":"c0","payload":{"round":0}}]}""",
            """{"entry":"result","sweep":"a","job":0,"payload":{"stage":"cells"},"next":[{"kind":"Trial","key":"0","payload":{"plan":"0"}},{"kind":"Trial","key":"1","payload":{"plan":"1"}}]}""",
            """{"entry":"jobs","sweep":"a","at":3,"jobs":[{"kind":"Layer","key":"2","payload":{"plan":"2"}}]}""",
            """{"entry":"result","sweep":"a","job":2,"failure":"broken \u00e4"}""",
        ];
        await File.WriteAllBytesAsync(JournalPath, [.. JournalFormat.Header(), .. entries.SelectMany(entry => Record(entry, JournalFormat.HeaderLength))]);

        await ReopenAsync();

        Assert.Equal([Sweep("a")], All(await Store.ListSweepsAsync(default)));
        Assert.Equal(new SweepStatus(4, 2, 0) { Failures = 1 }, await Store.ReadStatusAsync("a", default));
        Assert.Equal(
            [new Job(JobKind.Coordinate, "c0", "{\"round\":0}"), Job("0"), Job("1"), new Job(JobKind.Layer, "2", "{\"plan\":\"2\"}")],
            (await Store.ReadJobsAsync("a", 0, 10, default)).Select(job => job.Job));
        Assert.Equal([JobResult.Of("{\"stage\":\"cells\"}"), JobResult.Failed("broken ä")], (await Store.ReadResultsAsync("a", 0, 10, default)).Select(result => result.Result));
        Assert.Equal(["0", "2"], (await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, TimeSpan.FromSeconds(30), default)).Select(claim => claim.Job.Key));
        Assert.Empty(await Store.ReadEventsAsync(null, 0, 10, default));
    }

    [Fact]
    public async Task Events_AfterReopening_AreThereInOrder()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Time.Move(TimeSpan.FromMinutes(1));
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Paused, Reason = "lunch" }, default);
        await Store.RemoveSweepAsync("a", default);

        await ReopenAsync();

        Assert.Empty(await Store.ListSweepsAsync(default));
        Assert.Equal(
            [
                new StoreEvent(1, HandTime.Start, StoreEventKind.Submitted, "a", "'sweep a' was handed in"),
                new StoreEvent(2, HandTime.Start.AddMinutes(1), StoreEventKind.Changed, "a", "'sweep a': phase running -> paused, lunch"),
                new StoreEvent(3, HandTime.Start.AddMinutes(1), StoreEventKind.Removed, "a", "'sweep a' was removed with its jobs and results"),
            ],
            All(await Store.ReadEventsAsync(null, 0, 10, default)));
    }

    [Fact]
    public async Task ClaimCopy_InOneProcess_GivesNone()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.ClaimAsync(ClaimFilter.Any, "late", 1, TimeSpan.FromHours(1), default);
        Time.Move(TimeSpan.FromMinutes(30));

        Assert.Null(await Store.ClaimCopyAsync(ClaimFilter.Any, "idle", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), default));
    }

    private static byte[] RecordOf(int job, long baseOffset) => Record($"{{\"entry\":\"result\",\"sweep\":\"a\",\"job\":{job},\"payload\":1}}", baseOffset);

    private static byte[] Record(string entry, long baseOffset)
    {
        byte[] payload = System.Text.Encoding.UTF8.GetBytes(entry);
        byte[] record = new byte[16 + payload.Length];
        payload.CopyTo(record, 16);
        JournalFormat.WriteRecordHeader(record, payload, baseOffset);
        return record;
    }
}
