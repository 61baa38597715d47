namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>A folder for one test, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sweep-coreml-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Copies a package, so that a test may damage it.</summary>
    public string Copy(string package, string name = "copy.mlpackage")
    {
        string target = PathOf(name);
        foreach (string file in Directory.GetFiles(package, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(target, Path.GetRelativePath(package, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.WriteAllBytes(to, File.ReadAllBytes(file));
        }

        return target;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
