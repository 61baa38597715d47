namespace SweepCluster.Formats.Tests.Npy;

/// <summary>Where the files that tests read lie.</summary>
internal static class TestFolders
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The shared models and data beside the repository, or where SWEEP_SHARED points.</summary>
    public static string Shared => Environment.GetEnvironmentVariable("SWEEP_SHARED") is { Length: > 0 } stated
        ? stated
        : Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    /// <summary>A file of this test project.</summary>
    public static string Fixture(string folder, string name) =>
        Path.Combine(Repository, "tests", "SweepCluster.Formats.Tests", folder, "Fixtures", name);

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SweepCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SweepCluster.sln.");
    }
}
