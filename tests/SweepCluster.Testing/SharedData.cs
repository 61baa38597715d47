namespace SweepCluster.Testing;

/// <summary>Finds the folders that tests read: the repository's own, and the data folder beside it that is not part of it.</summary>
public static class SharedData
{
    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The data folder beside the repository, or where SWEEP_SHARED says it is.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("SWEEP_SHARED") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    /// <summary>The repository's samples.</summary>
    public static string Samples { get; } = Path.Combine(Repository, "samples");

    /// <summary>A path under the data folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SweepCluster.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No SweepCluster.sln above {AppContext.BaseDirectory}.");
    }
}
