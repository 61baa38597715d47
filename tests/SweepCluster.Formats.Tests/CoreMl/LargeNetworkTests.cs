using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.Spills;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Neural networks whose weights are most of a file that is mapped, or become many times what they were.</summary>
public sealed class LargeNetworkTests : IDisposable
{
    private const long SpareBytes = 64L << 20;
    private const int Side = 2048; // squared and of 4 bytes: 16 MiB, from where on a file is mapped

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the same inside a package
    public void ReadAndWrite_MappedNetwork_TakesNoMemoryForItsWeights(bool isPackage)
    {
        string path = Make(isPackage, file => LargeNetwork.WriteFloat32(file, [(Side, Side), (Side, Side), (3, Side)]));
        string written = _folder.At(isPackage ? "written.mlpackage" : "written.mlmodel");
        Graph? graph = null;

        long allocated = Allocated(() =>
        {
            graph = _format.Read(path);
            _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), written);
        });

        Assert.InRange(allocated, 0, 8 << 20);
        Assert.Equal(["fc0", "fc1", "fc2"], graph!.Weights.Select(weight => weight.Name));
        AssertDrawn(graph, 0);
        AssertDrawn(_format.Read(written), 1);
        AssertDrawn(_format.Read(written), 2);
        Assert.Equal(File.ReadAllBytes(FileOf(path)), File.ReadAllBytes(FileOf(written)));
    }

    // Each byte becomes 32: what is kept of that is in files.
    [Fact]
    public void Decompress_OneBitTables_StaysInBounds()
    {
        string path = Make(false, file => LargeNetwork.WriteOneBit(file, [.. Enumerable.Repeat((Side, Side), 16)])), written = _folder.At("plain.mlmodel");
        long size = new FileInfo(path).Length;

        long allocated = Allocated(() =>
        {
            Graph graph = _format.Read(path);
            using WeightSpill spill = new(written);
            Dictionary<string, CompressedWeight> plain = graph.Weights.ToDictionary(weight => weight.Name, weight => (CompressedWeight)spill.KeepDense(weight.Stored));
            _format.Write(graph, plain, _format.ResolveTarget(graph, null), written);
            Assert.Equal(_format.Measure(graph, plain, _format.ResolveTarget(graph, null)), new FileInfo(written).Length);
            Assert.Equal(16, _format.Read(written).Weights.Length);
        });

        Assert.InRange(new FileInfo(written).Length, 31 * size, 33 * size);
        Assert.InRange(allocated, 0, SpareBytes + (4 * size));
        Assert.Equal(Decompressor.ToFloat32(_format.Read(path).Weights[7].Stored), Decompressor.ToFloat32(_format.Read(written).Weights[7].Stored));
    }

    // The result would be no message any more: its length is no 32-bit number.
    [Fact]
    public void Write_WeightsOfMoreThanAMessageHolds_AreRefusedBeforeAnythingIsDone()
    {
        const int Wide = 4096;
        string path = Make(false, file => LargeNetwork.Write(file, [.. Enumerable.Repeat((Wide, Wide), 33)], _ => (30, Wide * Wide / 8, Table()), (stream, _, bytes) => stream.Seek(bytes, SeekOrigin.Current)));
        Graph graph = _format.Read(path);
        ModelTarget target = _format.ResolveTarget(graph, null);
        Dictionary<string, CompressedWeight> plain = graph.Weights.ToDictionary(weight => weight.Name, weight => (CompressedWeight)WeightSpill.PlanDense(weight.Stored));
        long largest = 33L * Wide * Wide * sizeof(float);

        long allocated = Allocated(() =>
        {
            foreach (Action act in (Action[])[() => _format.Measure(graph, plain, target), () => _format.Write(graph, plain, target, _folder.At("plain.mlmodel"))])
            {
                string line = Assert.Throws<BadInputException>(act).Message;
                Assert.Matches($"^{path}: found weights with which the model file would take 2214[0-9]{{6}} bytes, expected at most 2147483647, which a protobuf message may have\\.$", line);
            }
        });

        Assert.InRange(largest, 2_214_000_000, 2_215_000_000);
        Assert.InRange(allocated, 0, 8 << 20);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
        plain.Remove("fc0");
        plain.Remove("fc1");
        Assert.InRange(_format.Measure(graph, plain, target), largest - (2 * Wide * Wide * sizeof(float)), int.MaxValue);
    }

    // As a weight file: what was mapped is looked at again before it is touched.
    [Fact]
    public void Read_NetworkThatIsCutShortAfterwards_IsRefusedWhenItsWeightsAreAskedFor()
    {
        string path = Make(false, file => LargeNetwork.WriteFloat32(file, [(Side, Side), (Side, Side)]));
        Graph graph = _format.Read(path);
        long length = new FileInfo(path).Length;
        using (FileStream cut = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(1000);
        }

        SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(60)); // the length is looked at every 50 ms

        Assert.Equal(
            $"{path}: found 1000 bytes, expected {length} as when it was opened; it was changed while it was in use.",
            Assert.Throws<BadInputException>(() => Decompressor.ToFloat32(graph.Weights[1].Stored)).Message);
    }

    private static byte[] Table() => Wire.Of((40, Wire.Of((1, 1), (102, Wire.Of((1, WireNetwork.Floats(0f, 1f)))))));

    private string Make(bool isPackage, Action<string> write)
    {
        if (!isPackage)
        {
            write(_folder.At("large.mlmodel"));
            return _folder.At("large.mlmodel");
        }

        string path = WirePackage.Of([], new WireBlobs()).Write(_folder.At("large.mlpackage"));
        File.Delete(FileOf(path));
        write(FileOf(path));
        return path;
    }

    private static string FileOf(string path) => Directory.Exists(path) ? Path.Combine(path, WirePackage.Model) : path;

    private static void AssertDrawn(Graph graph, int layer)
    {
        float[] values = Decompressor.ToFloat32(graph.Weights[layer].Stored);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != (float)LargePackage.ValueOf(layer, i))
            {
                Assert.Fail($"Weight {layer}, element {i}.");
            }
        }
    }

    private static long Allocated(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
