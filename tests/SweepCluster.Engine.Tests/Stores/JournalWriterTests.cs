using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class JournalWriterTests
{
    private const string FullDevice = "/dev/full"; // every write to it fails as on a full disk

    [Fact]
    public async Task Append_DiskFull_FailsClearlyAndTakesNothingMore()
    {
        using JournalWriter writer = new("sweep/journal", File.OpenHandle(FullDevice, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), 16, () => { });

        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.AppendAsync([1, 2, 3], out _));
        StoreUnavailableException later = await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.AppendAsync([4], out _));

        Assert.True(error.IsTransient);
        Assert.Matches("^sweep/journal: cannot be written \\(No space left on device.*\\); everything recorded before is kept, resume when there is room\\.$", error.Message);
        Assert.Equal(error.Message, later.Message);
    }

    // Who waits for a job that others must come before looks when it is told of a change, and not again until the next.
    [Fact]
    public async Task Append_OnDisk_IsToldBeforeItIsAcknowledgedAndAfter()
    {
        using TemporaryFolder folder = new();
        Task? appended = null;
        List<bool> acknowledged = [];
        using ManualResetEventSlim returned = new();
        using (JournalWriter writer = new(
            "sweep/journal", File.OpenHandle(folder.At("journal"), FileMode.CreateNew, FileAccess.Write), 0,
            () =>
            {
                returned.Wait();
                acknowledged.Add(appended!.IsCompletedSuccessfully);
            }))
        {
            appended = writer.AppendAsync([1, 2, 3], out _);
            returned.Set();
            await appended;
        }

        Assert.Equal([false, true], acknowledged);
    }
}
