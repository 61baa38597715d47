using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>The packages that the reference wrote: a few that are part of the repository, and all of them in the data folder.</summary>
internal static class FixturePackages
{
    public static string EverydayFolder { get; } = Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", "Fixtures");

    public static string SharedFolder { get; } = SharedData.PathOf("fixtures", "coreml");

    /// <summary>Paths of the few.</summary>
    public static IEnumerable<string> Everyday => Packages(EverydayFolder);

    /// <summary>Paths of all; none where the data folder is absent, and then no test that needs it is run.</summary>
    public static IEnumerable<string> All => Directory.Exists(SharedFolder) ? Packages(SharedFolder) : ["absent"];

    public static string PathOf(string name) => Path.Combine(EverydayFolder, name + ".mlpackage");

    private static IEnumerable<string> Packages(string folder) => Directory.GetDirectories(folder, "*.mlpackage").Order(StringComparer.Ordinal);
}
