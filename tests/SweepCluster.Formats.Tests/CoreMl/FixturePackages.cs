using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>The packages that the reference wrote.</summary>
internal static class FixturePackages
{
    /// <summary>Names of all of them; none where the data folder is absent, and then no test that needs it is run.</summary>
    public static IEnumerable<string> All
    {
        get
        {
            string folder = SharedData.PathOf("fixtures", "coreml");
            return Directory.Exists(folder)
                ? Directory.GetDirectories(folder, "*.mlpackage").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)
                : ["absent"];
        }
    }
}
