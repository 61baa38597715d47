using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Models of several functions and of several blocks for one: their weights are weights of the model, and what they share is one.</summary>
public sealed class MultiFunctionTests : IDisposable
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();
    private readonly WireBlobs _blobs = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_WeightOfTwoFunctions_IsOneLayerAndShrinksInBoth()
    {
        byte[] shared = Weight(1);
        string source = Write(("main", Function(8, Const("w", shared), Linear("w"))), ("second", Function(8, Const("w", shared), Linear("w"))));
        Graph graph = _format.Read(source);
        Weight weight = Assert.Single(graph.Weights);
        (CompressedWeight stored, float[] values) = SchemeForms.Palette(weight, 4, 4, 5);

        string written = Rewrite(graph, new() { ["w"] = stored });

        Assert.Equal(new WeightUse("y", "linear", "weight"), Assert.Single(weight.Uses));
        Assert.Null(weight.Unmeasured);
        foreach (string function in new[] { "main", "second" })
        {
            IndependentPackage after = IndependentPackageReader.Read(written, function);
            PackageChecks.AssertSameBits(values, after.Weights["y.weight"]);
            Assert.Equal(2, after.BlobCount); // indices and tables, once for both
        }

        Assert.Single(_format.Read(written).Weights);
        Assert.Equal(64 + 64 + 512 + 64 + (4 * 16 * 4), new FileInfo(Path.Combine(written, WirePackage.Weights)).Length);
    }

    [Fact]
    public void Write_SharedBytesUnderOtherNames_AreOneLayer()
    {
        byte[] shared = Weight(1);
        string source = Write(("main", Function(8, Const("w", shared), Linear("w"))), ("second", Function(8, Const("other", shared), Linear("other", "z"))));
        Graph graph = _format.Read(source);
        Weight weight = Assert.Single(graph.Weights);
        (CompressedWeight stored, float[] values) = SchemeForms.Half(weight, 5);

        string written = Rewrite(graph, new() { ["w"] = stored });

        Assert.Equal(["y", "z"], weight.Uses.Select(use => use.Node));
        PackageChecks.AssertSameBits(values, IndependentPackageReader.Read(written, "second").Weights["z.weight"]);
        Assert.Equal(1, IndependentPackageReader.Read(written).BlobCount);
    }

    [Fact]
    public void Write_WeightThatOnlyAnotherFunctionHas_IsALayerOfItsOwn()
    {
        string source = Write(("main", Function(8, Const("w", Weight(1)), Linear("w"))), ("second", Function(8, Const("w", Weight(2)), Linear("w"))));
        Graph graph = _format.Read(source);
        Weight second = graph.Weights[1];
        (CompressedWeight stored, float[] values) = SchemeForms.Half(second, 5);

        string written = Rewrite(graph, new() { [second.Name] = stored });

        Assert.Equal(["w", "w#2"], graph.Weights.Select(weight => weight.Name));
        Assert.Equal("only function second reads it, which is not measured", second.Unmeasured);
        PackageChecks.AssertSameBits(values, IndependentPackageReader.Read(written, "second").Weights["y.weight"]);
        PackageChecks.AssertSameBits(Decompressor.ToFloat32(graph.Weights[0].Stored), IndependentPackageReader.Read(written).Weights["y.weight"]);
        Assert.Single(graph.Nodes);
    }

    [Fact]
    public void Read_WeightThatTheMainFunctionHoldsButDoesNotRead_IsNotMeasured()
    {
        byte[] shared = Weight(1);
        byte[] relu = Mil.Operation("relu", [Mil.Named("y", Mil.Tensor("fp32", 1, 32))], [("x", Mil.Read("x"))]);
        Graph graph = _format.Read(Write(("main", Function(8, Const("w", shared), relu)), ("second", Function(8, Const("w", shared), Linear("w")))));

        Assert.Equal("only function second reads it, which is not measured", Assert.Single(graph.Weights).Unmeasured);
    }

    [Fact]
    public void Read_ManyReadersAndManyConstantsOfOneBlob_AreToldApartByName()
    {
        byte[] shared = Weight(1);
        byte[][] operations = [.. Enumerable.Range(0, 1_000).SelectMany(i => new[] { Const($"w{i}", shared), Linear("w0", $"y{i}"), Linear($"w{i}", $"z{i}") })];

        Graph graph = _format.Read(Write(("main", Function(8, operations)), ("second", Function(8, operations))));

        Assert.Equal(1_000, graph.Weights.Length);
        Assert.Equal(1_001, graph.Weights[0].Uses.Length);
    }

    [Fact]
    public void Read_FunctionsThatSeeAWeightOnOtherAxes_SaysSo()
    {
        byte[] shared = Weight(1);
        byte[] transposed = Mil.Operation("matmul", [Mil.Named("z", Mil.Tensor("fp32", 1, 32))], [("x", Mil.Read("x")), ("y", Mil.Read("w"))]);
        Graph graph = _format.Read(Write(("main", Function(8, Const("w", shared), Linear("w"))), ("second", Function(8, Const("w", shared), transposed))));

        Assert.Equal("linear 'y' and matmul 'z' see its channels on different axes", Assert.Single(graph.Weights).Conflict);
    }

    [Fact]
    public void Read_BytesUnderAnotherShape_AreAnotherLayer()
    {
        byte[] shared = Weight(1);
        long offset = 64; // the first record
        byte[] reshaped = Mil.Const("w", Mil.At("fp32", [64, 16], offset), Mil.Tensor("fp32", 64, 16));
        Graph graph = _format.Read(Write(("main", Function(8, Const("w", shared), Linear("w"))), ("second", Function(8, reshaped, Linear("w")))));

        Assert.Equal([new Shape(32, 32), new Shape(64, 16)], graph.Weights.Select(weight => weight.Shape));
    }

    [Fact]
    public void Write_BlockForAnOlderOperationSet_TakesWhatItCanHold()
    {
        byte[] shared = Weight(1);
        byte[] Block() => Mil.Block([Const("w", shared), Linear("w")], ["y"]);
        byte[] main = Mil.Function("CoreML8", [Input], ("CoreML8", Block()), ("CoreML6", Block()));
        Graph graph = _format.Read(Write(("main", main)));
        Weight weight = Assert.Single(graph.Weights);

        IndependentPackage one = IndependentPackageReader.Read(Rewrite(graph, new() { ["w"] = SchemeForms.Palette(weight, 4, 1, 5).Stored }));
        IndependentPackage groups = IndependentPackageReader.Read(Rewrite(graph, new() { ["w"] = SchemeForms.Palette(weight, 4, 4, 5).Stored }));

        Assert.Equal(2, one.Program.Count(line => line.StartsWith("constexpr_lut_to_dense", StringComparison.Ordinal)));
        Assert.Equal(2, groups.Program.Count(line => line.StartsWith("constexpr_lut_to_dense", StringComparison.Ordinal) || line.StartsWith("const ", StringComparison.Ordinal)));
        Assert.Equal(3, groups.BlobCount); // tables of groups for the newer block, the weight itself for the older one
    }

    [Fact]
    public void Write_ShareAcrossFunctionsUntouched_StaysShared()
    {
        byte[] shared = Weight(1);
        string source = Write(("first", Function(8, Const("w", shared), Linear("w"))), ("main", Function(8, Const("w", shared), Linear("w"))), ("third", Function(6, Const("w", shared), Linear("w"))));

        IndependentPackage after = IndependentPackageReader.Read(Rewrite(_format.Read(source), s_nothing));

        Assert.Equal(1, after.BlobCount);
    }

    [Fact]
    public void Read_OneFunctionOfAnotherName_IsTheMainOne() =>
        Assert.Equal("y", Assert.Single(_format.Read(Write(("prefill", Function(8, Const("w", Weight(1)), Linear("w"))))).Nodes).Name);

    [Fact]
    public void Read_SeveralFunctionsWithoutADefault_SaysWhichIsMissing()
    {
        string path = Write(("a", Function(8, Const("w", Weight(1)), Linear("w"))), ("b", Function(8, Const("w", Weight(1)), Linear("w"))));

        Assert.EndsWith("found no function 'main', expected the model's main function.", Assert.Throws<BadInputException>(() => _format.Read(path)).Message, StringComparison.Ordinal);
    }

    private static byte[] Input => Mil.Named("x", Mil.Tensor("fp32", 1, 32));

    private byte[] Weight(int seed) => Mil.Blob(_blobs, "fp32", [32, 32], SamplePrograms.Elements("fp32", 1024, seed));

    private static byte[] Const(string name, byte[] value) => Mil.Const(name, value, Mil.Tensor("fp32", 32, 32));

    private static byte[] Linear(string weight, string output = "y") =>
        Mil.Operation("linear", [Mil.Named(output, Mil.Tensor("fp32", 1, 32))], [("x", Mil.Read("x")), ("weight", Mil.Read(weight))]);

    private static byte[] Function(int level, params byte[][] operations) =>
        Mil.Function($"CoreML{level}", [Input], ($"CoreML{level}", Mil.Block(operations, ["x"])));

    private string Write(params (string Name, byte[] Function)[] functions) =>
        WirePackage.Of(Mil.Model(9, [], functions), _blobs).Write(_folder.At("source.mlpackage"));

    private string Rewrite(Graph graph, Dictionary<string, CompressedWeight> replacements)
    {
        ModelTarget target = _format.ResolveTarget(graph, null);
        string path = _folder.At($"written{Guid.NewGuid():N}.mlpackage");
        _format.Write(graph, replacements, target, path, CancellationToken.None);
        Assert.Equal(_format.Measure(graph, replacements, target), PackageChecks.SizeOf(path));
        return path;
    }
}
