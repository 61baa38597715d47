using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>What must hold for every package, whoever wrote it.</summary>
internal static class PackageChecks
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    public static void IndependentReaderDecodesWhatTheReferenceDecodes(string path)
    {
        IReadOnlyDictionary<string, float[]> expected = NpzFile.Read(Path.ChangeExtension(path, ".weights.npz"));

        IndependentPackage actual = IndependentPackageReader.Read(path);

        Assert.NotEmpty(expected);
        foreach ((string key, float[] values) in expected)
        {
            AssertSameBits(values, actual.Weights[key]);
        }
    }

    // Pieces of an odd length hold what the reference decoded.
    public static void Pieces_AreWhatTheReferenceDecodes(string path)
    {
        IReadOnlyDictionary<string, float[]> expected = NpzFile.Read(Path.ChangeExtension(path, ".weights.npz"));
        int compared = 0;
        foreach (Weight weight in new CoreMlFormat().Read(path).Weights)
        {
            if (expected.TryGetValue($"{weight.Uses[0].Node}.{weight.Uses[0].Input}", out float[]? values))
            {
                AssertSameBits(values, [.. Decompressor.Pieces(weight.Stored, 1003).SelectMany(piece => piece.ToArray())]);
                compared++;
            }
        }

        Assert.InRange(compared, 1, expected.Count);
    }

    public static void ReadWritten_Untouched_IsTheSameProgramAndWeights(string path)
    {
        using TemporaryFolder folder = new();
        CoreMlFormat format = new();
        Graph graph = format.Read(path);
        ModelTarget target = format.ResolveTarget(graph, null);
        string first = folder.At("first.mlpackage");
        string second = folder.At("second.mlpackage");

        format.Write(graph, s_nothing, target, first);
        format.Write(format.Read(first), s_nothing, target, second);

        IndependentPackage source = IndependentPackageReader.Read(path);
        IndependentPackage written = IndependentPackageReader.Read(first);
        Assert.Equal(source.Program.Select(line => Raised(line, source.Opset, written.Opset)), written.Program);
        Assert.Equal(source.Description, written.Description);
        Assert.Equal(source.BlobCount, written.BlobCount);
        AssertSameWeights(source, written);
        Assert.Equal(format.Measure(graph, s_nothing, target), SizeOf(first));
        AssertSameBytes(first, second);
    }

    public static void ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(string path)
    {
        using TemporaryFolder folder = new();
        CoreMlFormat format = new();
        Graph graph = format.Read(path);
        ModelTarget target = format.ResolveTarget(graph, null);
        Dictionary<string, CompressedWeight> plain = graph.Weights.ToDictionary(
            weight => weight.Name, weight => (CompressedWeight)Decompressor.ToDense(weight.Stored));
        string to = folder.At("plain.mlpackage");

        format.Write(graph, plain, target, to);

        IndependentPackage written = IndependentPackageReader.Read(to);
        Assert.DoesNotContain(written.Operations, type => type.StartsWith("constexpr_", StringComparison.Ordinal));
        AssertSameWeights(IndependentPackageReader.Read(path), written);
        Assert.Equal(format.Measure(graph, plain, target), SizeOf(to));
        Assert.All(format.Read(to).Weights, weight => Assert.True(weight.Stored is DenseWeight dense && dense.Values.Type == weight.Type && weight.Conflict is null));
    }

    public static void AssertSameWeights(IndependentPackage expected, IndependentPackage actual)
    {
        Assert.Equal(expected.Weights.Keys.Order(StringComparer.Ordinal), actual.Weights.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, float[] values) in expected.Weights)
        {
            Assert.Equal(expected.Types[key], actual.Types[key]);
            AssertSameBits(values, actual.Weights[key]);
        }
    }

    public static void AssertSameForm(CompressedWeight expected, CompressedWeight actual) => Assert.Equal(Facts(expected), Facts(actual));

    public static void AssertSameBits(float[] expected, float[] actual) =>
        Assert.Equal(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits), Array.ConvertAll(actual, BitConverter.SingleToInt32Bits));

    public static long SizeOf(string package) => Directory.GetFiles(package, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static string[] Facts(CompressedWeight weight) =>
    [
        $"{weight.GetType().Name} {weight.Type} {weight.Shape}",
        $"{(weight as PalettizedWeight)?.VectorAxis} {(weight as SparsePalettizedWeight)?.VectorAxis} {(weight as QuantizedWeight)?.Arithmetic}",
        .. weight.Parts.Select(part => $"{part.Key} {part.Value.Type} {part.Value.Shape} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(part.Value.Bytes.Span))}"),
    ];

    private static string Raised(string line, string from, string to) =>
        line.StartsWith("function ", StringComparison.Ordinal) || line.StartsWith("block ", StringComparison.Ordinal) ? line.Replace(from, to, StringComparison.Ordinal) : line;

    private static void AssertSameBytes(string first, string second)
    {
        string[] files = [.. Directory.GetFiles(first, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(first, file)).Order(StringComparer.Ordinal)];
        Assert.Equal(files, Directory.GetFiles(second, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(second, file)).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file))));
    }
}
