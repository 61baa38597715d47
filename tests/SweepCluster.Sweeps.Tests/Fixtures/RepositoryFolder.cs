namespace SweepCluster.Sweeps.Tests.Fixtures;

internal static class RepositoryFolder
{
    /// <summary>A path below the folder that holds the solution.</summary>
    public static string PathOf(params string[] parts)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SweepCluster.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        return Path.Combine([folder, .. parts]);
    }
}
