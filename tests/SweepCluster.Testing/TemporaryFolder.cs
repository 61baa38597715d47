namespace SweepCluster.Testing;

/// <summary>A new empty folder that is deleted when the test is over.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>A new folder.</summary>
    /// <param name="inMemory">Whether it lies in memory where the system has such a place: thousands of flushes to disk take longer than what they flush takes to make.</param>
    public TemporaryFolder(bool inMemory = false)
    {
        Path = inMemory && Directory.Exists(Memory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"sweep-test-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("sweep-test-").FullName;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    public string this[string name] => At(name);

    /// <summary>A path inside the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Copies a folder into this one, so that a test may damage it.</summary>
    public string Copy(string folder, string name = "copy.mlpackage")
    {
        string target = At(name);
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            string to = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.WriteAllBytes(to, File.ReadAllBytes(file));
        }

        return target;
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
