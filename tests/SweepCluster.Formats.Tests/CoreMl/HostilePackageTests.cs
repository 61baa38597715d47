using System.Diagnostics;
using System.Text;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Packages made to harm: links and devices, paths that would leave, messages and manifests that ask for more memory than they are worth. The faults that the fuzzer found stay here, minimised.</summary>
public sealed class HostilePackageTests : IDisposable
{
    private const long SpareBytes = 64L << 20;

    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(WirePackage.Manifest)]
    [InlineData(WirePackage.Model)]
    [InlineData(WirePackage.Weights)]
    [InlineData("Data/com.apple.CoreML/weights")]
    [InlineData("Data/com.apple.CoreML")]
    [InlineData("Data")]
    public void Read_LinkInPlaceOf_IsRefused(string entry)
    {
        string path = Package();
        string place = Path.Combine(path, entry), elsewhere = _folder.At("elsewhere");
        Directory.Move(place, elsewhere); // of a file, too
        _ = Directory.Exists(elsewhere) ? Directory.CreateSymbolicLink(place, elsewhere) : File.CreateSymbolicLink(place, elsewhere);

        Assert.Contains("symbolic link, expected", FaultOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WirePackage.Manifest)]
    [InlineData(WirePackage.Model)]
    [InlineData(WirePackage.Weights)]
    public void Read_LinkToADevice_IsRefused(string entry)
    {
        string path = Package();
        string place = Path.Combine(path, entry);
        File.Delete(place);
        File.CreateSymbolicLink(place, "/dev/zero");

        Assert.Contains("symbolic link, expected", FaultOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WirePackage.Manifest)]
    [InlineData(WirePackage.Model)]
    [InlineData(WirePackage.Weights)]
    [InlineData("Data/com.apple.CoreML/weights/extra")]
    public void Read_Pipe_IsRefusedWithoutWaitingForAWriter(string entry)
    {
        string path = Package();
        string place = Path.Combine(path, entry);
        File.Delete(place);
        using (Process made = Process.Start("mkfifo", [place]))
        {
            made.WaitForExit();
        }

        Assert.Contains("found a pipe or device, expected", FaultOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LinkAmongOtherItems_IsRefused()
    {
        string path = Package();
        File.CreateSymbolicLink(Path.Combine(path, "Data", "com.apple.CoreML", "weights", "notes.txt"), "/etc/hostname");

        Assert.EndsWith("notes.txt: found a symbolic link, expected plain files and folders in a package.", FaultOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("com.apple.CoreML/../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("com.apple.CoreML//model.mlmodel")]
    [InlineData("com.apple.CoreML/./model.mlmodel")]
    [InlineData("com.apple.CoreML/model.mlmodel/")]
    [InlineData("com.apple.CoreML\\\\model.mlmodel")]
    [InlineData("..\\\\outside")]
    [InlineData("C:/outside")]
    [InlineData("com.apple.CoreML/model.mlmodel\\u0000.txt")]
    [InlineData("")]
    [InlineData(".")]
    public void Read_PathThatIsNoneInside_IsRefused(string modelPath) =>
        Assert.EndsWith("expected a path inside the package.", FaultOf(WithModelPath(modelPath)), StringComparison.Ordinal);

    [Theory]
    [InlineData("com.apple.CoreML\\u2215model.mlmodel")] // a division slash
    [InlineData("\\uff0e\\uff0e/outside")] // wide full stops
    [InlineData("com.apple.CoreML/model.mlmode\\u006c\\u0301")] // a letter with a mark of its own
    [InlineData("COM.APPLE.COREML/MODEL.MLMODEL")]
    public void Read_PathOfOtherCharacters_NamesAnotherFile(string modelPath) =>
        Assert.EndsWith("found nothing, expected a Core ML model.", FaultOf(WithModelPath(modelPath)), StringComparison.Ordinal);

    [Fact]
    public void Write_ItemsThatDifferInCaseAlone_AreBothCarriedThrough()
    {
        string path = Package();
        string weights = Path.Combine(path, "Data", "com.apple.CoreML", "weights");
        File.WriteAllText(Path.Combine(weights, "notes.txt"), "small");
        File.WriteAllText(Path.Combine(weights, "NOTES.TXT"), "LARGE");

        string written = Rewritten(path);

        Assert.Equal(Directory.GetFiles(weights).Length, Directory.GetFiles(Path.Combine(written, "Data", "com.apple.CoreML", "weights")).Length);
        Assert.Equal("small", File.ReadAllText(Path.Combine(written, "Data", "com.apple.CoreML", "weights", "notes.txt")));
    }

    [Fact]
    public void Read_ThousandsOfItems_AreReadAndOneMoreThanTenThousandRefused()
    {
        string path = Package();
        string manifest = Path.Combine(path, WirePackage.Manifest), text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, WithItems(text, 9_998)); // and the two that are there

        Graph graph = _format.Read(path);
        File.WriteAllText(manifest, WithItems(text, 9_999));

        Assert.Single(graph.Weights);
        Assert.EndsWith("itemInfoEntries: found more than 10000 items, expected at most as many.", FaultOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManifestOfManyMegabytes_IsRefusedBeforeItIsParsed()
    {
        string path = Package();
        File.WriteAllText(Path.Combine(path, WirePackage.Manifest), "[" + string.Concat(Enumerable.Repeat("1,", 2 << 20)) + "1]");

        long allocated = Allocated(() => Assert.EndsWith("bytes, expected a manifest of at most 2097152.", FaultOf(path), StringComparison.Ordinal));

        Assert.InRange(allocated, 0, 16 << 20);
    }

    [Fact]
    public void Read_LargeFileBesideTheModel_IsNotRead()
    {
        string path = Package();
        using (FileStream large = File.Create(Path.Combine(path, "Data", "com.apple.CoreML", "weights", "large")))
        {
            large.SetLength(1L << 32); // takes no room on the disk
        }

        Assert.InRange(Allocated(() => _format.Read(path)), 0, 16 << 20);
    }

    [Fact]
    public void Write_FileThatBecameALink_IsNotFollowed()
    {
        string path = Package();
        string notes = Path.Combine(path, "Data", "com.apple.CoreML", "weights", "notes.txt"), secret = _folder.At("secret");
        File.WriteAllText(notes, "12345");
        File.WriteAllText(secret, "abcde");
        Graph graph = _format.Read(path);
        File.Delete(notes);
        File.CreateSymbolicLink(notes, secret);

        Assert.Contains("symbolic link", WriteFault(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FolderThatBecameALink_IsNotFollowed()
    {
        string path = Package();
        string weights = Path.Combine(path, "Data", "com.apple.CoreML", "weights"), secrets = _folder.At("secrets");
        File.WriteAllText(Path.Combine(weights, "notes.txt"), "12345");
        Graph graph = _format.Read(path);
        Directory.Move(weights, secrets);
        Directory.CreateSymbolicLink(weights, secrets);

        Assert.Contains("'weights' is a symbolic link", WriteFault(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameOfManyThousandLetters_GivesAShortLine()
    {
        string name = new('n', 100_000);
        byte[] main = Mil.Function("CoreML8", [], ("CoreML8", Mil.Block([Mil.Operation("relu", [Mil.Named(name, Mil.Tensor("fp32", 1))], [("x", Mil.Read("ghost"))])], [name])));
        string path = WirePackage.Of(Mil.Model(9, [], ("main", main)), new WireBlobs()).Write(_folder.At("long.mlpackage"));

        string fault = FaultOf(path);

        Assert.InRange(fault.Length, 1, 1000);
        Assert.EndsWith("reading 'ghost', expected a value that is defined before it.", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u2028b")]
    [InlineData("a\u0085b")]
    [InlineData("a\u001b[2Jb")]
    public void Read_NameThatBreaksLines_GivesOneLine(string output)
    {
        byte[] main = Mil.Function("CoreML8", [], ("CoreML8", Mil.Block([], [output])));
        string path = WirePackage.Of(Mil.Model(9, [], ("main", main)), new WireBlobs()).Write(_folder.At("lines.mlpackage"));

        Assert.DoesNotContain(FaultOf(path), letter => char.IsControl(letter) || letter == '\u2028');
    }

    // The fuzzer's: one kind of value over and over in one message; each was merged into a copy of all before it.
    [Theory]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public void Read_FieldThatIsMergedOverAndOver_StaysInBounds(int times)
    {
        byte[] texts = Wire.Repeated(1, Enumerable.Repeat((WireValue)Wire.Of((4, Wire.Of((1, "y")))), times)); // a tensor of texts, again and again
        byte[] value = Wire.Join(Wire.Of((2, Mil.Tensor("string"))), Wire.Of((3, texts)));
        AssertBounded(Mil.Model(9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", Mil.Block([Mil.Operation("noop", [], attributes: [("name", value)])], []))))));
    }

    [Theory]
    [InlineData("operations", 3)]
    [InlineData("inputs", 1)]
    [InlineData("outputs", 2)]
    [InlineData("unknown fields", 77)]
    public void Read_HundredsOfThousandsOfEmptyMessages_StayInBounds(string what, int field)
    {
        byte[] many = Wire.Repeated(field, Enumerable.Repeat((WireValue)Array.Empty<byte>(), 400_000));
        Assert.NotEmpty(what);
        AssertBounded(Mil.Model(9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", many)))));
    }

    [Fact]
    public void Read_UnknownFieldsOfManyNumbers_StayInBounds() =>
        AssertBounded(Wire.Join(Enumerable.Range(0, 400_000).Select(i => Wire.Of((1000 + i, 1)))));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Read_MillionsOfNumbersInTheProgram_StayInBounds(int field)
    {
        byte[] value = Mil.Immediate(Mil.Tensor("int32", 4_000_000), field, Wire.Of((1, new byte[4_000_000])));
        AssertBounded(Mil.Model(9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", Mil.Block([Mil.Const("c", value, Mil.Tensor("int32", 4_000_000))], ["c"]))))));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(48)]
    [InlineData(500)]
    [InlineData(20_000)]
    public void Read_BlocksInBlocks_AreReadOrRefused(int depth)
    {
        byte[] block = Mil.Block([], []);
        for (int i = 0; i < depth; i++)
        {
            block = Mil.Block([Mil.Operation("cond", [Mil.Named($"y{i}", Mil.Tensor("fp32", 1))], blocks: [block])], []);
        }

        AssertBounded(Mil.Model(9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", block)))));
    }

    // One blob of a megabyte, scaled a thousand times over: each would be decoded while the program is read.
    [Fact]
    public void Read_ChainsThatDecodeOneBlobOverAndOver_StayInBounds()
    {
        WireBlobs blobs = new();
        byte[] data = Mil.Blob(blobs, "fp16", [1024, 512], new byte[1 << 20]);
        byte[] scale = Mil.Bytes("fp16", [1, 1], [0, 0x3C]);
        byte[][] operations = [.. Enumerable.Range(0, 1000).Select(i => Mil.Operation(
            "constexpr_blockwise_shift_scale", [Mil.Named($"w{i}", Mil.Tensor("fp16", 1024, 512))], [("data", Mil.Inline(data)), ("scale", Mil.Inline(scale))]))];
        string path = WirePackage.Of(Mil.Model(9, [], ("main", Mil.Function("CoreML8", [], ("CoreML8", Mil.Block(operations, ["w0"]))))), blobs).Write(_folder.At("chains.mlpackage"));

        Assert.InRange(Allocated(() => _format.Read(path)), 0, SpareBytes + (4 * PackageChecks.SizeOf(path)));
    }

    // A bit for each vector of 64 elements: four megabytes that stand for two billion values.
    [Fact]
    public void Read_PaletteOfTwoBillionElements_IsRefused()
    {
        const int Vectors = 1 << 25, Length = 64;
        WireBlobs blobs = new();
        byte[] weight = SamplePrograms.Constexpr(8, "constexpr_lut_to_dense", [Mil.Named("w", Mil.Tensor("fp16", Vectors, Length))],
            ("indices", Mil.Blob(blobs, "uint1", [Vectors, 1], new byte[Vectors / 8])), ("lut", Mil.Blob(blobs, "fp16", [1, 1, 2, Length], new byte[2 * 2 * Length])), ("vector_axis", Mil.Ints([], 1)));
        string path = SamplePrograms.Linear(8, blobs, "fp16", weight).Write(_folder.At("vast.mlpackage"));

        long allocated = Allocated(() => Assert.EndsWith("found a weight [33554432, 64], expected at most 2147483591 elements.", FaultOf(path), StringComparison.Ordinal));

        Assert.InRange(allocated, 0, SpareBytes);
    }

    [Fact]
    public void Of_GivenModels_IsNotFarFromWhatTheyTake()
    {
        string path = FixturePackages.PathOf("iOS18_fp16_joint_prune0.5_kmeans4");
        byte[] model = File.ReadAllBytes(Path.Combine(path, WirePackage.Model));
        _format.Read(path); // what is made once

        long counted = MessageCost.Of(model, SweepCluster.Formats.CoreMl.Protos.Model.Descriptor, long.MaxValue);
        long allocated = Allocated(() => _format.Read(path)) - PackageChecks.SizeOf(path);

        Assert.InRange(counted, allocated / 2, allocated * 6);
    }

    private void AssertBounded(byte[] model)
    {
        string path = WirePackage.Of(model, new WireBlobs()).Write(_folder.At("hostile.mlpackage"));

        long allocated = Allocated(() =>
        {
            Exception? fault = Record.Exception(() => _format.Read(path));
            Assert.True(fault is null or BadInputException, fault?.ToString());
        });

        Assert.InRange(allocated, 0, SpareBytes + (4 * PackageChecks.SizeOf(path)));
    }

    private static long Allocated(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private string Package() => SamplePrograms.All["CoreML8"].Write(_folder.At("model.mlpackage"));

    private string WithModelPath(string modelPath)
    {
        string path = Package(), manifest = Path.Combine(path, WirePackage.Manifest);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("com.apple.CoreML/model.mlmodel", modelPath, StringComparison.Ordinal));
        return path;
    }

    private static string WithItems(string manifest, int count)
    {
        StringBuilder items = new();
        for (int i = 0; i < count; i++)
        {
            items.Append(null, $"\"i{i}\": {{ \"path\": \"com.apple.CoreML/weights\" }},\n");
        }

        return manifest.Replace("\"itemInfoEntries\": {", "\"itemInfoEntries\": {" + items, StringComparison.Ordinal);
    }

    private string Rewritten(string path)
    {
        Graph graph = _format.Read(path);
        string written = _folder.At("written.mlpackage");
        _format.Write(graph, s_nothing, _format.ResolveTarget(graph, null), written, CancellationToken.None);
        return written;
    }

    private string WriteFault(Graph graph) => Assert.ThrowsAny<SweepException>(
        () => _format.Write(graph, s_nothing, _format.ResolveTarget(graph, null), _folder.At("written.mlpackage"), CancellationToken.None)).Message;

    private string FaultOf(string path) => Assert.Throws<BadInputException>(() => _format.Read(path)).Message;
}
