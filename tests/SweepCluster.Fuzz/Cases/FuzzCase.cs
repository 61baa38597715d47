using SweepCluster.Testing.Packages;

namespace SweepCluster.Fuzz.Cases;

/// <summary>One model that may be broken: a package's files, or a single file.</summary>
/// <param name="Files">Contents by path, with forward slashes; a single file stands under <see cref="SingleFile"/>.</param>
/// <param name="Links">What stands in place of plain files: a kind by path.</param>
public sealed record FuzzCase(IReadOnlyDictionary<string, byte[]> Files, IReadOnlyDictionary<string, OddEntry> Links)
{
    public const string SingleFile = "model.mlmodel";

    private static readonly Dictionary<string, OddEntry> s_none = [];

    public FuzzCase(IReadOnlyDictionary<string, byte[]> files)
        : this(files, s_none)
    {
    }

    public bool IsSingleFile => Files.ContainsKey(SingleFile);

    public long SizeBytes => Files.Values.Sum(bytes => (long)bytes.Length);

    /// <summary>The file that holds the model's protobuf message; null where there is none.</summary>
    public string? ModelFile => IsSingleFile ? SingleFile : Files.Keys.FirstOrDefault(path => path.EndsWith(".mlmodel", StringComparison.Ordinal));

    public static FuzzCase Of(WirePackage package) => new(package.Files);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FuzzCase Read(string path) => Directory.Exists(path)
        ? new FuzzCase(WirePackage.Read(path).Files)
        : new FuzzCase(new Dictionary<string, byte[]> { [SingleFile] = File.ReadAllBytes(path) });

    public FuzzCase With(string path, byte[] bytes) => this with { Files = new SortedDictionary<string, byte[]>(Files.ToDictionary(), StringComparer.Ordinal) { [path] = bytes } };

    /// <summary>Writes the model.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <returns>The model's path.</returns>
    public string Write(string folder)
    {
        string root = Path.Combine(folder, IsSingleFile ? "case.mlmodel" : "case.mlpackage");
        foreach ((string path, byte[] bytes) in Files)
        {
            string file = IsSingleFile ? root : Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            switch (Links.GetValueOrDefault(path))
            {
                case OddEntry.Missing:
                    break;
                case OddEntry.Folder:
                    Directory.CreateDirectory(file);
                    break;
                case OddEntry.Link:
                    string elsewhere = Path.Combine(folder, $"elsewhere-{Path.GetFileName(path)}");
                    File.WriteAllBytes(elsewhere, bytes);
                    File.CreateSymbolicLink(file, elsewhere);
                    break;
                case OddEntry.LinkedFolder when Path.GetDirectoryName(file) is { } parent && parent != root && parent != folder:
                    string moved = Path.Combine(folder, $"elsewhere-{Path.GetFileName(parent)}");
                    Directory.Move(parent, moved);
                    Directory.CreateSymbolicLink(parent, moved);
                    File.WriteAllBytes(file, bytes);
                    break;
                default:
                    File.WriteAllBytes(file, bytes);
                    break;
            }
        }

        return root;
    }
}
