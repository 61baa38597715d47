using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Compression.Tests.Fixtures;

// A package that the reference wrote, and the values that it decodes to, by reading operation and input.
internal sealed class ReferencePackage
{
    private ReferencePackage(string name)
    {
        foreach (Weight weight in new CoreMlFormat().Read(Folder(name + ".mlpackage")).Weights)
        {
            foreach (WeightUse use in weight.Uses)
            {
                Weights[$"{use.Node}.{use.Input}"] = weight;
            }
        }

        Decoded = NpzFile.Read(Folder(name + ".weights.npz"));
    }

    internal Dictionary<string, Weight> Weights { get; } = [];

    internal IReadOnlyDictionary<string, float[]> Decoded { get; }

    internal static ReferencePackage Read(string name) => new(name);

    internal static TheoryData<string> Names(Func<string, bool> choose)
    {
        string folder = SharedData.PathOf("fixtures", "coreml");
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder, "*.mlpackage").Select(path => Path.GetFileNameWithoutExtension(path)).Where(choose).Order(StringComparer.Ordinal)]
            : [];
    }

    private static string Folder(string name) => SharedData.PathOf("fixtures", "coreml", name);
}
