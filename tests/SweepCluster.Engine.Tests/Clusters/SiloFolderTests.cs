using SweepCluster.Engine.Clusters;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class SiloFolderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Create_FoldersOfDeadSilos_RemovesThemAndLeavesTheLiving()
    {
        using SiloFolder living = SiloFolder.Create(_root.Path);
        File.WriteAllText(Path.Combine(living.Path, "model"), "");
        Directory.CreateDirectory(_root["sweep-silo-dead"]); // as kill -9 leaves it: a folder, and a lock that nobody holds
        File.WriteAllText(_root["sweep-silo-dead/model"], "");
        File.WriteAllText(_root["sweep-silo-dead.lock"], "");
        Directory.CreateDirectory(_root["sweep-silo-strange"]); // no lock: nobody knows whose it is

        using SiloFolder next = SiloFolder.Create(_root.Path);

        Assert.NotEqual(living.Path, next.Path);
        Assert.True(File.Exists(Path.Combine(living.Path, "model")));
        Assert.True(Directory.Exists(next.Path));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(next.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.False(Directory.Exists(_root["sweep-silo-dead"]));
        Assert.False(File.Exists(_root["sweep-silo-dead.lock"]));
        Assert.True(Directory.Exists(_root["sweep-silo-strange"]));
    }

    [Fact]
    public void Dispose_AtTheEnd_LeavesNothing()
    {
        SiloFolder.Create(_root.Path).Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_root.Path));
    }

    [Fact]
    public async Task Create_ManyAtOnce_GivesEachItsOwn()
    {
        SiloFolder[] folders = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => SiloFolder.Create(_root.Path))));

        Assert.Equal(20, folders.Select(folder => folder.Path).Distinct().Count());
        Assert.All(folders, folder => Assert.True(Directory.Exists(folder.Path)));
        Assert.All(folders, folder => folder.Dispose());
    }
}
