using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>ML programs that no tool writes: names that are defined twice, operations that read each other, forms of one operation set in another.</summary>
public sealed class StrangeProgramTests : IDisposable
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];
    private static readonly int[] s_shape = [4, 6];
    private static readonly byte[] s_type = Mil.Tensor("fp32", s_shape);

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    // A palette whose table has the palette's own name: what feeds it was looked for by name, and it was found to feed itself.
    [Fact]
    public void Read_PaletteNamedAsItsTable_IsRefused()
    {
        byte[] table = Mil.Const("w", Mil.Floats([1, 1, 4, 1], 1, 2, 3, 4), Mil.Tensor("fp32", 1, 1, 4, 1));
        byte[] palette = Mil.Operation(
            "constexpr_lut_to_dense", [Mil.Named("w", s_type)], [("indices", Mil.Inline(Mil.Bytes("uint2", s_shape, new byte[6]))), ("lut", Mil.Read("w"))], [("name", Mil.Text("w"))]);

        Assert.EndsWith(
            "function main, operation 1 (constexpr_lut_to_dense 'w'): found a second definition of 'w', expected one definition of each name in a block.",
            FaultOf(Written(8, table, palette)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameDefinedTwice_IsRefused()
    {
        byte[] weight = Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type);

        Assert.EndsWith("operation 1 (const 'w'): found a second definition of 'w', expected one definition of each name in a block.", FaultOf(Written(8, weight, weight)), StringComparison.Ordinal);
    }

    // A weight that stands in an operand is named after it, and so is the operation that holds its new form.
    [Fact]
    public void Read_InputWhoseNameCannotBePrinted_IsRefused() => Assert.EndsWith(
        "function main, operation 0: found a type or a name with control characters, expected names that can be printed.",
        FaultOf(Written(8, Mil.Operation("add", [Mil.Named("y", s_type)], [("x\u0002", Mil.Inline(Mil.Floats(s_shape, new float[24])))]))), StringComparison.Ordinal);

    [Fact]
    public void Read_OperationNamedAsTheInput_IsRefused() =>
        Assert.Contains("found a second definition of 'x', expected", FaultOf(Written(8, Mil.Const("x", Mil.Floats(s_shape, new float[24]), s_type))), StringComparison.Ordinal);

    [Fact]
    public void Read_NameThatAnInnerBlockHides_IsRead()
    {
        byte[] weight = Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type);
        byte[] cond = Mil.Operation("cond", [Mil.Named("c", s_type)], blocks: [Mil.Block([weight], ["w"]), Mil.Block([weight], ["w"])]);

        Assert.Single(_format.Read(Written(8, weight, cond)).Weights);
    }

    // Two operations a level, each reading both of the level below: a path for each of 2^40 ways, if each were followed.
    [Fact]
    public void Write_LaddersOfConstants_AreFollowedOnce()
    {
        List<byte[]> operations = [.. "ab".Select(letter => Mil.Const($"{letter}0", Mil.Floats(s_shape, SamplePrograms.Elements("fp32", 24, letter).Chunk(4).Select(bytes => BitConverter.ToSingle(bytes)).ToArray()), s_type))];
        for (int level = 1; level <= 40; level++)
        {
            foreach (char letter in "ab")
            {
                string name = level == 40 && letter == 'a' ? "w" : $"{letter}{level}";
                operations.Add(Mil.Operation("constexpr_blockwise_shift_scale", [Mil.Named(name, s_type)], [("data", Mil.Read($"a{level - 1}")), ("scale", Mil.Read($"b{level - 1}"))]));
            }
        }

        Graph graph = _format.Read(Written(8, [.. operations]));
        Weight weight = Assert.Single(graph.Weights);

        _format.Write(graph, new Dictionary<string, CompressedWeight> { ["w"] = Decompressor.ToDense(weight.Stored) }, _format.ResolveTarget(graph, null), _folder.At("plain.mlpackage"), default);

        Assert.Equal(Decompressor.ToFloat32(weight.Stored), Decompressor.ToFloat32(Assert.Single(_format.Read(_folder.At("plain.mlpackage")).Weights).Stored));
    }

    // Each level's description named both of the level below it.
    [Fact]
    public void Read_LaddersOfSparseConstants_TakeNoMoreForEachLevel()
    {
        byte[] mask = Mil.Bytes("uint1", [1], [1]);
        byte[] Sparse(string name, string maskName, string valuesName) => Mil.Operation(
            "constexpr_sparse_blockwise_shift_scale", [Mil.Named($"{name}_0", Mil.Tensor("uint1", 1)), Mil.Named($"{name}_1", Mil.Tensor("fp32", 1))],
            [("data_mask", Mil.Read($"{maskName}_0")), ("nonzero_data", Mil.Read($"{valuesName}_1")), ("scale", Mil.Inline(Mil.Floats([1], 1)))]);
        byte[] Palette(string name, string maskName) => Mil.Operation(
            "constexpr_lut_to_sparse", [Mil.Named($"{name}_0", Mil.Tensor("uint1", 1)), Mil.Named($"{name}_1", Mil.Tensor("fp32", 1))],
            [("indices_mask", Mil.Read($"{maskName}_0")), ("indices_nonzero_data", Mil.Inline(Mil.Bytes("uint1", [1], [1]))), ("lut", Mil.Inline(Mil.Floats([1, 2, 1], 1, 2)))]);
        List<byte[]> operations = [Mil.Const("a0_0", mask, Mil.Tensor("uint1", 1)), Palette("b0", "a0")];
        for (int level = 1; level <= 60; level++)
        {
            operations.Add(Sparse($"a{level}", level == 1 ? "a0" : $"a{level - 1}", $"b{level - 1}"));
            operations.Add(level % 2 == 0 ? Sparse($"b{level}", $"b{level - 1}", $"a{level - 1}") : Palette($"b{level}", $"a{level - 1}"));
        }

        string path = Written(8, [.. operations, Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type)]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        _format.Read(path);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Read_NewerPaletteInAttributes_IsRefused()
    {
        byte[] palette = Mil.Operation("constexpr_lut_to_dense", [Mil.Named("w", Mil.Tensor("int8", s_shape))], attributes:
        [
            ("indices", Mil.Bytes("uint2", s_shape, new byte[6])), ("lut", Mil.Bytes("int8", [1, 1, 4, 1], [1, 2, 3, 4])), ("name", Mil.Text("w")),
        ]);

        Assert.EndsWith("(constexpr_lut_to_dense 'w'): found no operand 'shape', expected the weight's extents beside indices that are an attribute.", FaultOf(Written(6, palette)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Read_CastWithoutOneOutput_IsRefused(int outputs)
    {
        byte[] cast = Mil.Operation("cast", [.. Enumerable.Range(0, outputs).Select(i => Mil.Named($"c{i}", s_type))], [("x", Mil.Read("x")), ("dtype", Mil.Inline(Mil.Text("fp16")))]);

        Assert.EndsWith($"found {outputs} outputs, expected one.", FaultOf(Written(8, Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type), cast)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OutputOfAPaletteThatIsNoTensor_IsRefused()
    {
        byte[] palette = Mil.Operation(
            "constexpr_lut_to_sparse", [Mil.Named("m", Mil.Tensor("uint1", s_shape)), Mil.Named("v", Wire.Of((2, Array.Empty<byte>())))],
            [("indices_mask", Mil.Inline(Mil.Bytes("uint1", s_shape, [1, 0, 0]))), ("indices_nonzero_data", Mil.Inline(Mil.Bytes("uint1", [1], [1]))), ("lut", Mil.Inline(Mil.Floats([1, 1, 2, 1], 1, 2)))]);

        Assert.EndsWith("found output 'v' that is no tensor, expected a tensor.", FaultOf(Written(8, palette, Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ToFloat16_CompressedByAnOperationThatIsNotKnown_StaysFloat32(bool withList)
    {
        byte[][] outputs = withList ? [Mil.Named("w", s_type), Mil.Named("l", Wire.Of((2, Array.Empty<byte>())))] : [Mil.Named("w", s_type)];
        byte[] future = Mil.Operation("constexpr_future", outputs, attributes: [("name", Mil.Text("w")), ("seed", Mil.Ints([], 7)), ("data", Mil.Floats(s_shape, new float[24]))]);
        Graph graph = _format.Read(Written(8, future));

        Float16Program program = _format.ToFloat16(graph, null);
        _format.Write(program.Graph, s_nothing, _format.ResolveTarget(program.Graph, null), _folder.At("half.mlpackage"), default);

        Assert.Equal(new KeptOperation("w", "constexpr_future", "is not known to take float16"), Assert.Single(program.Kept));
        Assert.Equal(1, program.Converted);
        Model written = CoreMlDocument.Parse(Path.Combine(_folder.At("half.mlpackage"), WirePackage.Model));
        Operation kept = Assert.Single(written.MlProgram.Functions["main"].BlockSpecializations["CoreML8"].Operations, operation => operation.Type == "constexpr_future");
        Assert.Equal(DataType.Float32, kept.Outputs[0].Type.TensorType.DataType);
        Assert.Equal(DataType.Float32, kept.Attributes["data"].Type.TensorType.DataType);
    }

    [Fact]
    public void Refuses_ProgramInOneFile_SaysSoBeforeAnythingIsComputed()
    {
        byte[] model = Program(8, Mil.Const("w", Mil.Floats(s_shape, new float[24]), s_type));
        File.WriteAllBytes(_folder.At("program.mlmodel"), model);
        Graph graph = _format.Read(_folder.At("program.mlmodel"));
        ModelTarget target = _format.ResolveTarget(graph, null);

        Assert.Equal("an ML program in one file has no weight file, a package has room for one", _format.Refuses(graph, graph.Weights[0], new Float16Scheme(), target));
        Assert.Null(_format.Refuses(graph, graph.Weights[0], new UntouchedScheme(), target));
        DenseWeight half = new(ElementType.Float32, TensorData.FromFloats(ElementType.Float16, graph.Weights[0].Shape, new float[24]));
        Dictionary<string, CompressedWeight> replacements = new() { ["w"] = half };
        string fault = $"{_folder.At("program.mlmodel")}: found an ML program in one file, expected a package, which has room for a weight file.";
        Assert.Equal(fault, Assert.Throws<BadInputException>(() => _format.Measure(graph, replacements, target)).Message);
        Assert.Equal(fault, Assert.Throws<BadInputException>(() => _format.Write(graph, replacements, target, _folder.At("written.mlmodel"), default)).Message);
        Assert.Equal(model.Length, _format.Measure(graph, s_nothing, target));
    }

    [Fact]
    public void Write_WeightFileWithoutAFolder_IsAnItemOfItsOwn()
    {
        const string Manifest = """
            { "fileFormatVersion": "1.0.0", "rootModelIdentifier": "A1", "itemInfoEntries": { "A1": { "author": "com.apple.CoreML", "description": "d", "name": "model.mlmodel", "path": "model.mlmodel" } } }
            """;
        WireBlobs blobs = new();
        byte[] value = Mil.Blob(blobs, "fp32", s_shape, SamplePrograms.Elements("fp32", 24), "@model_path/weight.bin");
        string path = new WirePackage(new Dictionary<string, byte[]>
        {
            [WirePackage.Manifest] = System.Text.Encoding.UTF8.GetBytes(Manifest),
            ["Data/model.mlmodel"] = Program(8, Mil.Const("w", value, s_type)),
            ["Data/weight.bin"] = blobs.ToBytes(),
        }).Write(_folder.At("flat.mlpackage"));
        Graph graph = _format.Read(path);

        _format.Write(graph, s_nothing, _format.ResolveTarget(graph, null), _folder.At("written.mlpackage"), default);

        Assert.Equal(_format.Measure(graph, s_nothing, _format.ResolveTarget(graph, null)), PackageChecks.SizeOf(_folder.At("written.mlpackage")));
        Assert.Contains("\"path\": \"weight.bin\"", File.ReadAllText(Path.Combine(_folder.At("written.mlpackage"), WirePackage.Manifest)), StringComparison.Ordinal);
        Assert.Equal(Decompressor.ToFloat32(graph.Weights[0].Stored), Decompressor.ToFloat32(_format.Read(_folder.At("written.mlpackage")).Weights[0].Stored));
    }

    private static byte[] Program(int level, params byte[][] operations)
    {
        byte[] linear = Mil.Operation("linear", [Mil.Named("y", Mil.Tensor("fp32", 1, 4))], [("x", Mil.Read("x")), ("weight", Mil.Read("w"))], [("name", Mil.Text("y"))]);
        return Mil.Model(level + 1, [], ("main", Mil.Function($"CoreML{level}", [Mil.Named("x", Mil.Tensor("fp32", 1, 6))], ($"CoreML{level}", Mil.Block([.. operations, linear], ["y"])))));
    }

    private string Written(int level, params byte[][] operations) => WirePackage.Of(Program(level, operations), new WireBlobs()).Write(_folder.At("model.mlpackage"));

    private string FaultOf(string path) => Assert.Throws<BadInputException>(() => _format.Read(path)).Message;
}
