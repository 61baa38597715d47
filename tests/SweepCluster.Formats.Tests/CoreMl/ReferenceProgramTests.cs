using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Holds what is written to what the reference wrote: its forms put into the uncompressed package must give its program, operation by operation and name by name.</summary>
[Trait("Needs", "shared")]
public sealed class ReferenceProgramTests : IDisposable
{
    // Written from the two ends of a chain that means the same, or as a table for each input channel.
    private static readonly string[] s_otherwise = ["joint_int8_kmeans4", "_pcs"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Packages =>
    [
        .. FixturePackages.All.Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => !name.EndsWith("_base", StringComparison.Ordinal) && !s_otherwise.Any(name.EndsWith)
            && FixturePackages.All.Any(path => Path.GetFileNameWithoutExtension(path) == BaseOf(name))),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Packages))]
    public void Write_FormsOfTheReference_GivesItsProgram(string package)
    {
        CoreMlFormat format = new();
        string reference = PathOf(package);
        Dictionary<string, CompressedWeight> stored = format.Read(reference).Weights
            .Where(weight => weight.Stored is not DenseWeight).ToDictionary(weight => Plain(weight.Name), weight => weight.Stored);
        Graph graph = format.Read(PathOf(BaseOf(package)));
        string to = _folder.At("written.mlpackage");

        format.Write(graph, stored, format.ResolveTarget(graph, null), to);

        Assert.Equal(Operations(reference), Operations(to));
        Assert.Equal(WeightFileBytes(reference), WeightFileBytes(to));
    }

    // Its attributes (who built it) are the uncompressed package's.
    private static IEnumerable<string> Operations(string package) =>
        IndependentPackageReader.Read(package).Program.Where(line => !line.StartsWith("program attribute ", StringComparison.Ordinal));

    private static long WeightFileBytes(string package) => new FileInfo(Path.Combine(package, "Data", "com.apple.CoreML", "weights", "weight.bin")).Length;

    private static string BaseOf(string package) => string.Join('_', package.Split('_')[..2]) + "_base";

    private static string Plain(string name) => name[..name.LastIndexOf('_')];

    private static string PathOf(string package) => Path.Combine(FixturePackages.SharedFolder, package + ".mlpackage");
}
