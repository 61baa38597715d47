using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class JournalHomeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_Again_HasEverySweepAndBlobAndWhenItCame()
    {
        string blob;
        DateTimeOffset? added;
        await using (JournalHome home = JournalHome.Open(_folder.At("store"), TimeProvider.System))
        {
            blob = await home.Blobs.PutAsync(new byte[] { 1, 2, 3 }, default);
            await home.Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [new Job(JobKind.Trial, "0", "{}")], default);
            await home.Store.AddSweepAsync(Sweep("b"), SweepControl.Default with { Priority = 2 }, [new Job(JobKind.Trial, "0", "{}")], default);
            added = (await home.Store.ReadStatusAsync("a", default)).Added;
        }

        await using JournalHome again = JournalHome.Open(_folder.At("store"), TimeProvider.System);

        Assert.Equal(["a", "b"], (await again.Store.ListSweepsAsync(default)).Select(sweep => sweep.Id));
        Assert.Equal(2, (await again.Store.ReadStatusAsync("b", default)).Control.Priority);
        Assert.NotNull(added);
        Assert.Equal(added, (await again.Store.ReadStatusAsync("a", default)).Added);
        Assert.Equal([1, 2, 3], (await again.Blobs.GetAsync(blob, default)).ToArray());
        Assert.Equal(2, (await again.Store.ClaimAsync(ClaimFilter.Any, "silo", 10, TimeSpan.FromMinutes(1), default)).Length);
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_SaysWho()
    {
        await using JournalHome home = JournalHome.Open(_folder.At("store"), TimeProvider.System);

        BadInputException refused = Assert.Throws<BadInputException>(() => JournalHome.Open(_folder.At("store"), TimeProvider.System));

        Assert.Equal(
            $"{_folder.At("store")}: found a store that process {Environment.ProcessId} serves, expected one that no server has open; stop that server, or use it at its address.", refused.Message);
    }

    [Fact]
    public void Open_FolderOfSomethingElse_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_folder.At("letters"));
        File.WriteAllText(_folder.At("letters", "to-you.txt"), "dear");
        Directory.CreateDirectory(_folder.At("result", ".sweep"));
        File.WriteAllText(_folder.At("result", ".sweep", "journal"), "");
        File.WriteAllText(_folder.At("file"), "");

        Assert.Equal(
            [
                $"{_folder.At("letters")}: found 1 entries and no store ('to-you.txt', ..), expected the folder of a store, an empty or an absent one.",
                $"{_folder.At("result")}: found the result folder of one sweep, expected the folder of a store, an empty or an absent one.",
                $"{_folder.At("file")}: found a file, expected the folder of a store, an empty or an absent one.",
            ],
            new[] { "letters", "result", "file" }.Select(name => Assert.Throws<BadInputException>(() => JournalHome.Open(_folder.At(name), TimeProvider.System)).Message));
        Assert.Equal(["to-you.txt"], Directory.GetFileSystemEntries(_folder.At("letters")).Select(Path.GetFileName));
    }

    private static SweepRecord Sweep(string id) => new(id, id, "spec", "model", null, "0.1.0", "{}");
}
