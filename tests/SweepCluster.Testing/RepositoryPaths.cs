namespace SweepCluster.Testing;

/// <summary>Where the repository's own files are, found from the running test.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The samples.</summary>
    public static string Samples { get; } = Path.Combine(Root, "samples");

    /// <summary>Models and data too large for the repository, beside it; tests that use it carry the trait <c>Needs=shared</c>.</summary>
    public static string Shared { get; } = Environment.GetEnvironmentVariable("SWEEP_SHARED") ?? Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SweepCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No SweepCluster.sln above {AppContext.BaseDirectory}.");
    }
}
