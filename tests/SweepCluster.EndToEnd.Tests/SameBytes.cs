namespace SweepCluster.EndToEnd.Tests;

/// <summary>What two ways to a result must have in common: every byte.</summary>
internal static class SameBytes
{
    private static readonly string[] s_reports = ["report.html", "report.json", "trials.csv", "sensitivity.csv"];

    /// <summary>Two result folders have the same report.</summary>
    internal static void AssertReports(string expected, string actual)
    {
        foreach (string name in s_reports)
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, name)), File.ReadAllBytes(Path.Combine(actual, name)));
        }
    }

    /// <summary>Two folders have the same files.</summary>
    internal static void AssertFiles(string expected, string actual)
    {
        string[] files = [.. Directory.EnumerateFiles(expected, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(expected, file)).Order()];
        Assert.Equal(files, Directory.EnumerateFiles(actual, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(actual, file)).Order());
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(actual, file))));
    }
}
