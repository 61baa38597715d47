using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Npy;

/// <summary>Small files of this test project.</summary>
internal static class Fixtures
{
    /// <summary>A file under the folder <c>Fixtures</c> of a feature.</summary>
    public static string PathOf(string feature, string name) =>
        Path.Combine(SharedData.Repository, "tests", "SweepCluster.Formats.Tests", feature, "Fixtures", name);
}
