using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class BadPackageTests : IDisposable
{
    private const string ModelFile = "Data/com.apple.CoreML/model.mlmodel";
    private const string WeightFile = "Data/com.apple.CoreML/weights/weight.bin";

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Nothing_SaysSo()
    {
        string path = _folder.At("none.mlpackage");

        Assert.Equal($"{path}: found nothing, expected a Core ML package (a folder with Manifest.json).", FaultOf(path));
    }

    [Fact]
    public void Read_File_SaysSo()
    {
        string path = _folder.At("model.mlpackage");
        File.WriteAllText(path, "text");

        Assert.Equal($"{path}: found a file, expected a Core ML package (a folder with Manifest.json).", FaultOf(path));
    }

    [Fact]
    public void Read_FolderWithoutManifest_SaysSo()
    {
        string path = Directory.CreateDirectory(_folder.At("empty.mlpackage")).FullName;

        Assert.Equal($"{path}: found a folder without Manifest.json, expected a Core ML package (a folder with Manifest.json).", FaultOf(path));
    }

    [Theory]
    [InlineData("{", "line 1: found text that is no JSON, expected a package's manifest.")]
    [InlineData("[]", "fileFormatVersion: found no text, expected one.")]
    [InlineData("""{"fileFormatVersion":"2.0.0"}""", "fileFormatVersion: found '2.0.0', expected 1.x.")]
    [InlineData("""{"fileFormatVersion":"1.0.0","rootModelIdentifier":"A"}""", "itemInfoEntries: found none, expected the package's items.")]
    [InlineData("""{"fileFormatVersion":"1.0.0","rootModelIdentifier":"Z","itemInfoEntries":{"A":{"path":"m"}}}""", "rootModelIdentifier: found 'Z', expected the key of an item.")]
    [InlineData("""{"fileFormatVersion":"1.0.0","rootModelIdentifier":"A","itemInfoEntries":{"A":7}}""", "item A, path: found no text, expected one.")]
    [InlineData("""{"fileFormatVersion":"1.0.0","rootModelIdentifier":"A","itemInfoEntries":{"A":{"path":"../m"}}}""", "item A: found path '../m', expected a path inside the package.")]
    [InlineData("""{"fileFormatVersion":"1.0.0","rootModelIdentifier":"A","itemInfoEntries":{"A":{"path":"/etc/passwd"}}}""", "item A: found path '/etc/passwd', expected a path inside the package.")]
    public void Read_BrokenManifest_SaysWhere(string manifest, string fault)
    {
        string path = Package();
        string file = Path.Combine(path, "Manifest.json");
        File.WriteAllText(file, manifest);

        Assert.Equal($"{file}, {fault}", FaultOf(path));
    }

    [Fact]
    public void Read_MissingModel_SaysSo()
    {
        string path = Package();
        File.Delete(Path.Combine(path, ModelFile));

        Assert.Equal($"{Path.Combine(path, ModelFile)}: found nothing, expected a Core ML model.", FaultOf(path));
    }

    [Fact]
    public void Read_TruncatedModel_SaysSo()
    {
        string path = Package();
        string file = Path.Combine(path, ModelFile);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^7]);

        string fault = FaultOf(path);

        Assert.StartsWith($"{file}: found bytes that are no protobuf message (", fault, StringComparison.Ordinal);
        Assert.EndsWith("), expected a Core ML model.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Read_KindWithoutWeights_SaysWhatItIs()
    {
        PackageBuilder builder = new();
        builder.Model.TreeEnsembleClassifier = Google.Protobuf.ByteString.CopyFromUtf8("x");
        string path = builder.Write(_folder.At("trees.mlpackage"));

        Assert.Equal(
            $"{Path.Combine(path, ModelFile)}: found a tree ensemble classifier, expected an ML program, a neural network, or a pipeline with one of them.", FaultOf(path));
    }

    [Fact]
    public void Read_MissingWeightFile_SaysSo()
    {
        string path = Package();
        File.Delete(Path.Combine(path, WeightFile));

        Assert.Equal($"{Path.Combine(path, WeightFile)}: found nothing, expected a weight file.", FaultOf(path));
    }

    [Fact]
    public void Read_EmptyWeightFile_SaysSo()
    {
        string path = Package();
        File.WriteAllBytes(Path.Combine(path, WeightFile), new byte[63]);

        Assert.Equal($"{Path.Combine(path, WeightFile)}, byte 0: found a file of 63 bytes, expected a header of 64 bytes.", FaultOf(path));
    }

    [Fact]
    public void Read_TruncatedWeightFile_NamesTheDataThatIsMissing()
    {
        string path = Package();
        string file = Path.Combine(path, WeightFile);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

        Assert.Equal(
            $"{file}, byte 72 (function main, operation 0 (const 'w')): found data of 576 bytes at byte 128, expected data at a multiple of 64, inside the file's 703 bytes.",
            FaultOf(path));
    }

    [Theory]
    [InlineData(4, 1, "4: found blob storage version 1, expected 2.")]
    [InlineData(64, 7, "64 (function main, operation 0 (const 'w')): found 0xDEADBE07, expected a record's sentinel 0xDEADBEEF.")]
    [InlineData(68, 99, "68 (function main, operation 0 (const 'w')): found blob type 99, expected a type from 1 to 17.")]
    [InlineData(73, 255, "72 (function main, operation 0 (const 'w')): found data of 65344 bytes at byte 128, expected data at a multiple of 64, inside the file's 704 bytes.")]
    [InlineData(79, 255, "72 (function main, operation 0 (const 'w')): found data of 18374686479671624256 bytes at byte 128, expected data at a multiple of 64, inside the file's 704 bytes.")]
    [InlineData(80, 129, "72 (function main, operation 0 (const 'w')): found data of 576 bytes at byte 129, expected data at a multiple of 64, inside the file's 704 bytes.")]
    [InlineData(87, 255, "72 (function main, operation 0 (const 'w')): found data of 576 bytes at byte 18374686479671623808, expected data at a multiple of 64, inside the file's 704 bytes.")]
    public void Read_BrokenRecord_NamesItsByte(int at, byte value, string fault)
    {
        string path = Package();
        string file = Path.Combine(path, WeightFile);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at] = value;
        File.WriteAllBytes(file, bytes);

        Assert.Equal($"{file}, byte {fault}", FaultOf(path));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(65ul)]
    [InlineData(704ul)]
    [InlineData(1_000_000ul)]
    [InlineData(ulong.MaxValue - 63)]
    public void Read_OffsetOutsideTheFile_NamesIt(ulong offset)
    {
        PackageBuilder builder = new();
        builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3));
        string path = WithWeight(builder, PackageBuilder.Reference(ElementType.Float32, offset, 4, 4, 3, 3));

        Assert.Equal(
            $"{Path.Combine(path, WeightFile)}, byte {offset} (function main, operation 0 (const 'w')): found an offset of a record in a file of 704 bytes, expected a multiple of 64 from 64 to 640.",
            FaultOf(path));
    }

    [Fact]
    public void Read_BlobOfAnotherType_SaysSo()
    {
        PackageBuilder builder = new();
        ulong offset = builder.Blob(PackageBuilder.Floats(1, 10));
        string path = WithWeight(builder, PackageBuilder.Reference(ElementType.Float16, offset, 20));

        Assert.Equal(Constant(path, $"a blob of type Float32 at byte 64 of {Path.Combine(path, WeightFile)}", "float16"), FaultOf(path));
    }

    [Fact]
    public void Read_BlobOfAnotherLength_SaysSo()
    {
        PackageBuilder builder = new();
        ulong offset = builder.Blob(PackageBuilder.Floats(1, 10));
        string path = WithWeight(builder, PackageBuilder.Reference(ElementType.Float32, offset, 11));

        Assert.Equal(
            Constant(path, $"a blob of 40 bytes with 0 padding bits at byte 64 of {Path.Combine(path, WeightFile)}", "44 bytes with 0 padding bits for a tensor float32 [11]"), FaultOf(path));
    }

    [Fact]
    public void Read_BlobOfOtherPadding_SaysSo()
    {
        PackageBuilder builder = new();
        ulong offset = builder.Blob(new Blob(BlobType.UInt3, new byte[5], 2));
        string path = WithWeight(builder, PackageBuilder.Reference(ElementType.UInt3, offset, 13));

        Assert.Equal(
            Constant(path, $"a blob of 5 bytes with 2 padding bits at byte 64 of {Path.Combine(path, WeightFile)}", "5 bytes with 1 padding bits for a tensor uint3 [13]"), FaultOf(path));
    }

    [Fact]
    public void Read_ShapeBeyondAllMemory_AllocatesNothing()
    {
        PackageBuilder builder = new();
        ulong offset = builder.Blob(PackageBuilder.Floats(1, 10));
        string path = WithWeight(builder, PackageBuilder.Reference(ElementType.Float32, offset, int.MaxValue, int.MaxValue, int.MaxValue));
        long before = GC.GetAllocatedBytesForCurrentThread();

        string fault = FaultOf(path);

        Assert.Equal(Constant(path, "a constant of shape [2147483647, 2147483647, 2147483647]", "a shape with known extents and fewer than 2^60 elements"), fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData("weights/weight.bin", "expected a path that starts with @model_path/.")]
    [InlineData("@model_path/../../../../secret.bin", null)]
    public void Read_WeightFileOutsideThePackage_IsRefused(string name, string? expected)
    {
        PackageBuilder builder = new();
        Value value = builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3));
        value.BlobFileValue.FileName = name;
        string path = WithWeight(builder, value);
        string start = $"{Path.Combine(path, ModelFile)}, function main, operation 0 (const 'w'): found ";

        Assert.Equal(start + (expected is null ? "path '../../../../secret.bin', expected a path inside the package." : $"weight file '{name}', {expected}"), FaultOf(path));
    }

    [Theory]
    [InlineData(WeightFile)]
    [InlineData(ModelFile)]
    public void Read_SymbolicLink_IsRefused(string link)
    {
        string path = Package();
        string file = Path.Combine(path, link);
        File.Move(file, _folder.At("elsewhere"));
        File.CreateSymbolicLink(file, _folder.At("elsewhere"));

        Assert.Contains("is a symbolic link, expected a path of plain files and folders.", FaultOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SymbolicLinkToAFolder_IsRefused()
    {
        string path = Package();
        string weights = Path.Combine(path, "Data", "com.apple.CoreML", "weights");
        Directory.Move(weights, _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(weights, _folder.At("elsewhere"));

        Assert.Equal(
            $"{Path.Combine(path, ModelFile)}, function main, operation 0 (const 'w'): found 'weights/weight.bin', in which 'weights' is a symbolic link, expected a path of plain files and folders.",
            FaultOf(path));
    }

    [Fact]
    public void Read_OperandThatNothingDefines_NamesIt()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "ghost"))).Returns("y");
        string path = builder.Write(_folder.At("ghost.mlpackage"));

        Assert.Equal(
            $"{Path.Combine(path, ModelFile)}, function main, operation 0 (relu 'y'): found input 'x' reading 'ghost', expected a value that is defined before it.", FaultOf(path));
    }

    [Fact]
    public void Read_OutputThatNothingDefines_NamesIt()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("z");
        string path = builder.Write(_folder.At("ghost.mlpackage"));

        Assert.Equal($"{Path.Combine(path, ModelFile)}, function main: found output 'z', expected a value that the function defines.", FaultOf(path));
    }

    [Fact]
    public void Read_PaletteWhoseTableDoesNotFit_NamesTheOperation()
    {
        string source = FixturePackages.PathOf("iOS18_fp16_palettize_kmeans4_g8");
        string path = _folder.Copy(source);
        string file = Path.Combine(path, ModelFile);
        Model model = CoreMlDocument.Parse(file);
        Operation operation = model.MlProgram.Functions["main"].BlockSpecializations["CoreML8"].Operations.First(candidate => candidate.Type == "constexpr_lut_to_dense");
        operation.Inputs["lut"].Arguments[0].Value = PackageBuilder.Immediate(PackageBuilder.Floats(1, 1, 1, 1, 1, 8, 1));
        File.WriteAllBytes(file, Google.Protobuf.MessageExtensions.ToByteArray(model));

        Assert.Equal(
            $"{file}, function main, operation 16 (constexpr_lut_to_dense 'conv2_weight_0_to_fp16_palettized'): found operands that do not fit each other "
            + "(The table [1, 1, 1, 1, 8, 1] does not fit a weight [32, 32, 3, 3] of 4-bit indices), expected those of constexpr_lut_to_dense.",
            FaultOf(path));
    }

    [Fact]
    public void Read_CodesWithoutElements_AreRefusedBeforeAnythingIsAllocated()
    {
        Operation weight = Constexpr("constexpr_affine_dequantize", ElementType.Float32, 400_000_000, 0, 3, 3);
        weight.Attributes.Add("quantized_data", PackageBuilder.Immediate(new TensorData(ElementType.Int8, new Shape(400_000_000, 0, 3, 3), default)));
        weight.Attributes.Add("zero_point", PackageBuilder.Immediate(new TensorData(ElementType.Int8, new Shape(1), new byte[1])));
        weight.Attributes.Add("scale", PackageBuilder.Immediate(TensorData.FromFloat32(Shape.Scalar, [1])));
        weight.Attributes.Add("axis", PackageBuilder.Immediate(new TensorData(ElementType.Int32, Shape.Scalar, new byte[4])));
        string path = WithOperation(weight);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string fault = FaultOf(path);

        Assert.Equal(
            $"{Path.Combine(path, ModelFile)}, function main, operation 0 (constexpr_affine_dequantize 'w'): found operand 'quantized_data' without elements, expected at least one.", fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Read_PaletteOfEndlessVectors_IsRefusedBeforeAnythingIsAllocated()
    {
        PackageBuilder builder = new();
        Operation weight = Constexpr("constexpr_lut_to_dense", ElementType.Float32, 1 << 20, 1 << 10);
        weight.Inputs.Add("indices", PackageBuilder.Inline(builder.Stored(new TensorData(ElementType.UInt1, new Shape(1 << 10, 1 << 10), new byte[1 << 17]))));
        weight.Inputs.Add("lut", PackageBuilder.Inline(builder.Stored(TensorData.FromFloat32(new Shape(1, 1, 2, 1 << 10), new float[1 << 11]))));
        weight.Inputs.Add("vector_axis", PackageBuilder.Inline(PackageBuilder.Immediate(new TensorData(ElementType.Int32, Shape.Scalar, new byte[4]))));
        string path = WithOperation(weight, builder);

        Assert.Equal(
            $"{Path.Combine(path, ModelFile)}, function main, operation 0 (constexpr_lut_to_dense 'w'): found a table [1, 1, 2, 1024] of vectors of 1024 elements, expected at most 64.",
            FaultOf(path));
    }

    [Fact]
    public void Write_ThatFailsHalfway_IsAFailureAndLeavesNothing()
    {
        Graph graph = _format.Read(Package());
        SweepCluster.Formats.CoreMl.Writing.WritePlan plan = SweepCluster.Formats.CoreMl.Writing.WritePlanner.Plan(
            SweepCluster.Formats.CoreMl.Writing.EditedModel.Of(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null)),
            (SweepCluster.Formats.CoreMl.Packages.PackageContent)((CoreMlOrigin)graph.Origin!).Document.Container);
        SweepCluster.Formats.CoreMl.Packages.PackageExtra gone = new("gone.txt", _folder.At("gone.txt"), 3);
        string path = _folder.At("out.mlpackage");

        WriteFailedException failure = Assert.Throws<WriteFailedException>(
            () => SweepCluster.Formats.CoreMl.Writing.CoreMlPackageWriter.Write(plan with { Extras = [gone] }, path, CancellationToken.None));

        Assert.StartsWith($"{path}: writing failed (", failure.Message, StringComparison.Ordinal);
        Assert.Equal([_folder.At("model.mlpackage")], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    // Equal weights may share one compressed form, also where they lie in two files.
    [Fact]
    public void Write_OneFormForWeightsOfTwoFiles_IsInBoth()
    {
        WireBlobs first = new(), second = new();
        byte[] values = SamplePrograms.Elements("fp32", 256), others = SamplePrograms.Elements("fp32", 256, seed: 2);
        const string Second = "@model_path/weights/second.bin";
        byte[] w = Mil.Blob(first, "fp32", [16, 16], values), v = Mil.Blob(second, "fp32", [16, 16], others, Second), u = Mil.Blob(second, "fp32", [16, 16], values, Second);
        byte[] type = Mil.Tensor("fp32", 16, 16);
        byte[][] operations = [.. new[] { ("w", w), ("v", v), ("u", u) }.SelectMany(weight => new[]
        {
            Mil.Const(weight.Item1, weight.Item2, type),
            Mil.Operation("linear", [Mil.Named($"y_{weight.Item1}", Mil.Tensor("fp32", 1, 16))], [("x", Mil.Read("x")), ("weight", Mil.Read(weight.Item1))]),
        })];
        byte[] main = Mil.Function("CoreML8", [Mil.Named("x", Mil.Tensor("fp32", 1, 16))], ("CoreML8", Mil.Block(operations, ["y_u"])));
        string path = WirePackage.Of(Mil.Model(9, [], ("main", main)), first).Write(_folder.At("two.mlpackage"));
        File.WriteAllBytes(Path.Combine(path, "Data", "com.apple.CoreML", "weights", "second.bin"), second.ToBytes());
        Graph graph = _format.Read(path);
        DenseWeight half = new(ElementType.Float32, TensorData.FromFloats(ElementType.Float16, new Shape(16, 16), Decompressor.ToFloat32(graph.Weights[0].Stored)));
        Dictionary<string, CompressedWeight> replacements = new() { ["w"] = half, ["u"] = half };

        _format.Write(graph, replacements, _format.ResolveTarget(graph, null), _folder.At("written.mlpackage"), CancellationToken.None);

        Weight[] written = [.. _format.Read(_folder.At("written.mlpackage")).Weights];
        Assert.Equal(["w", "v", "u"], graph.Weights.Select(weight => weight.Name));
        Assert.Equal(3, written.Length);
        Assert.Equal(Decompressor.ToFloat32(half), Decompressor.ToFloat32(written[0].Stored));
        Assert.Equal(Decompressor.ToFloat32(graph.Weights[1].Stored), Decompressor.ToFloat32(written[1].Stored));
        Assert.Equal(Decompressor.ToFloat32(half), Decompressor.ToFloat32(written[2].Stored));
    }

    [Fact]
    public void Compare_FileCarriedThroughThatIsOtherOnDisk_IsAFailure()
    {
        string source = Package(), notes = Path.Combine("Data", "com.apple.CoreML", "weights", "notes.txt"), copy = _folder.At("copy.mlpackage");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(source, notes))!);
        File.WriteAllText(Path.Combine(source, notes), "carried through");
        Graph graph = _format.Read(source);
        SweepCluster.Formats.CoreMl.Writing.WritePlan plan = SweepCluster.Formats.CoreMl.Writing.WritePlanner.Plan(
            SweepCluster.Formats.CoreMl.Writing.EditedModel.Of(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null)),
            (SweepCluster.Formats.CoreMl.Packages.PackageContent)((CoreMlOrigin)graph.Origin!).Document.Container);
        SortedDictionary<string, byte[]> hashes = SweepCluster.Formats.CoreMl.Writing.CoreMlPackageWriter.WriteFiles(plan, copy, CancellationToken.None);
        SweepCluster.Formats.CoreMl.Writing.CoreMlPackageWriter.Compare(plan, hashes, copy, CancellationToken.None);

        File.WriteAllText(Path.Combine(copy, notes), "carried thr0ugh"); // of the same length

        Assert.Throws<IOException>(() => SweepCluster.Formats.CoreMl.Writing.CoreMlPackageWriter.Compare(plan, hashes, copy, CancellationToken.None));
    }

    [Fact]
    public void Write_OverSomething_IsRefusedAndLeavesIt()
    {
        Graph graph = _format.Read(Package());
        string path = _folder.At("there");
        File.WriteAllText(path, "mine");

        BadInputException fault = Assert.Throws<BadInputException>(() => _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), path));

        Assert.Equal($"{path}: found something that exists, expected a new path.", fault.Message);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public void Write_WhereNothingCanBeWritten_LeavesNothing()
    {
        Graph graph = _format.Read(Package());
        string folder = Directory.CreateDirectory(_folder.At("folder")).FullName;
        File.WriteAllText(Path.Combine(folder, "file"), "");

        BadInputException fault = Assert.Throws<BadInputException>(
            () => _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), Path.Combine(folder, "file", "out.mlpackage")));

        Assert.Equal($"{Path.Combine(folder, "file", "out.mlpackage")}: its parent is a file, expected a folder.", fault.Message);
        Assert.Equal(["file"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_WhenItFails_RemovesWhatItBegan()
    {
        string package = Package();
        File.WriteAllText(Path.Combine(package, "Data", "com.apple.CoreML", "weights", "notes.txt"), "carried through");
        Graph graph = _format.Read(package);
        File.Delete(Path.Combine(package, "Data", "com.apple.CoreML", "weights", "notes.txt")); // now it cannot be
        string before = string.Join('\n', Directory.GetFileSystemEntries(Path.GetDirectoryName(package)!).Order(StringComparer.Ordinal));

        Assert.Throws<WriteFailedException>( // no mistake of the caller's: work was begun and failed
            () => _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), _folder.At("out.mlpackage")));

        Assert.Equal(before, string.Join('\n', Directory.GetFileSystemEntries(Path.GetDirectoryName(package)!).Order(StringComparer.Ordinal)));
    }

    private string Package()
    {
        PackageBuilder builder = new();
        return WithWeight(builder, builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3)));
    }

    private static Operation Constexpr(string type, ElementType element, params int[] extents)
    {
        Operation operation = new() { Type = type };
        operation.Attributes.Add("name", SweepCluster.Formats.CoreMl.Programs.ValueWriter.Text("w"));
        operation.Outputs.Add(PackageBuilder.Named("w", element, extents));
        return operation;
    }

    private string WithOperation(Operation weight, PackageBuilder? builder = null) =>
        (builder ?? new PackageBuilder()).Add(weight, PackageBuilder.Op("linear", "y", ("x", "x"), ("weight", "w"))).Returns("y").Write(_folder.At("model.mlpackage"));

    private string WithWeight(PackageBuilder builder, Value weight)
    {
        builder.Add(PackageBuilder.Const("w", weight), PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        return builder.Write(_folder.At("model.mlpackage"));
    }

    private string FaultOf(string path) => Assert.Throws<BadInputException>(() => _format.Read(path)).Message;

    private static string Constant(string path, string found, string expected) =>
        $"{Path.Combine(path, ModelFile)}, function main, operation 0 (const 'w'): found {found}, expected {expected}.";
}
