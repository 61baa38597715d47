using System.Text;

namespace SweepCluster.Testing.Packages;

/// <summary>A package in memory: files by path, with forward slashes.</summary>
/// <param name="Files">Contents by path.</param>
public sealed record WirePackage(IReadOnlyDictionary<string, byte[]> Files)
{
    public const string Manifest = "Manifest.json";
    public const string Model = "Data/com.apple.CoreML/model.mlmodel";
    public const string Weights = "Data/com.apple.CoreML/weights/weight.bin";

    private const string PlainManifest = """
        {
            "fileFormatVersion": "1.0.0",
            "itemInfoEntries": {
                "A1": { "author": "com.apple.CoreML", "description": "CoreML Model Specification", "name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel" },
                "B2": { "author": "com.apple.CoreML", "description": "CoreML Model Weights", "name": "weights", "path": "com.apple.CoreML/weights" }
            },
            "rootModelIdentifier": "A1"
        }
        """;

    /// <summary>A package of a model and one weight file, as coremltools lays them out.</summary>
    public static WirePackage Of(byte[] model, WireBlobs weights) => new(new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
    {
        [Manifest] = Encoding.UTF8.GetBytes(PlainManifest),
        [Model] = model,
        [Weights] = weights.ToBytes(),
    });

    /// <summary>Reads a package from a folder.</summary>
    public static WirePackage Read(string folder) => new(new SortedDictionary<string, byte[]>(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes), StringComparer.Ordinal));

    /// <summary>Writes the files into a folder.</summary>
    /// <returns>The folder.</returns>
    public string Write(string folder)
    {
        foreach ((string path, byte[] bytes) in Files)
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }

        return folder;
    }
}
