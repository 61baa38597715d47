namespace SweepCluster.Sweeps.Tests.Fixtures;

/// <summary>A temporary folder with a spec and the files that it names: what the reader checks is that they exist.</summary>
internal sealed class TemporarySpecs : IDisposable
{
    public const string Head = "model: net.mlpackage\ndata: {path: data.npz}\n";

    public TemporarySpecs(string spec, string name = "quick.yaml")
    {
        Folder = Directory.CreateTempSubdirectory("sweep-spec-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Folder, "net.mlpackage"));
        Write("data.npz", "");
        Path = Write(name, spec);
    }

    public string Folder { get; }

    public string Path { get; }

    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Folder, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
