using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Weight files over 2 GB. Most of their bytes are holes, which take no disk.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const int Side = 24 * 1024; // squared and of 2 bytes: 1.125 GiB

    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadAndWrite_WeightsBeyond2GB_KeepsTheirValues()
    {
        string path = _folder.At("large.mlpackage"), written = _folder.At("written.mlpackage");
        LargePackage.Write(path, [(Side, 64, true), (Side, Side, false), (Side, Side, false), (64, Side, true), (48, 64, true)]);
        Graph graph = _format.Read(path);
        Dictionary<string, CompressedWeight> small = new(StringComparer.Ordinal)
        {
            ["weight_1"] = Zeros("weight_1"),
            ["weight_2"] = Zeros("weight_2"),
        };
        ModelTarget target = _format.ResolveTarget(graph, null);

        long size = _format.Measure(graph, small, target);
        _format.Write(graph, small, target, written);

        Assert.Equal(size, PackageChecks.SizeOf(written));
        Graph read = _format.Read(written);
        foreach (Graph either in new[] { graph, read })
        {
            Assert.Equal([Side * 64L, Side * (long)Side, Side * (long)Side, 64L * Side, 48 * 64], either.Weights.Select(weight => weight.Shape.ElementCount));
            AssertDrawn(either, 0);
            AssertDrawn(either, 3);
            AssertDrawn(either, 4);
        }

        CompressedWeight Zeros(string name)
        {
            Shape shape = graph.Weights.Single(weight => weight.Name == name).Shape;
            return new PalettizedWeight(shape, new TensorData(ElementType.UInt1, shape, new byte[shape.ElementCount / 8]), TensorData.FromFloat16(new Shape(1, 1, 2, 1), [0, 1]));
        }
    }

    [Fact]
    public void WriteTo_BlobsBeyond2GB_LieWhereTheirRecordsSay()
    {
        string path = _folder.At("large.mlpackage");
        LargePackage.Write(path, [(Side, Side, false), (Side, Side, false), (48, 64, true)]);
        Weight[] weights = [.. _format.Read(path).Weights];
        BlobLayout layout = new();
        foreach (Weight weight in weights)
        {
            layout.Add(new Blob(BlobType.Float16, ((DenseWeight)weight.Stored).Values.Bytes, 0));
        }

        string copy = _folder.At("weight.bin");
        using (FileStream file = File.Create(copy))
        using (HoleStream holes = new(file))
        {
            layout.WriteTo(holes);
        }

        Assert.Equal((layout.Length, true), (new FileInfo(copy).Length, layout.Length > int.MaxValue));
        using BlobFile written = BlobFile.Open(copy);
        for (int i = 0; i < weights.Length; i++)
        {
            Blob blob = written.Read((ulong)layout.Blobs[i].Offset, "a test");
            Assert.True(FileMemory.Pieces(blob.Data).Zip(FileMemory.Pieces(((DenseWeight)weights[i].Stored).Values.Bytes)).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span)));
        }
    }

    [Fact]
    public void Read_BlobOfMoreThanAnArrayHolds_IsRefused()
    {
        string path = _folder.At("large.mlpackage");
        LargePackage.Write(path, [(1 << 15, 1 << 15, false)]); // 2^31 bytes

        Assert.EndsWith(
            $"byte 72 (function main, operation 0 (const 'weight_0')): found data of 2147483648 bytes, expected at most {Array.MaxLength} in one blob.",
            Assert.Throws<BadInputException>(() => _format.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_OfAMappedWeight_IsThatOfTheSameInMemory()
    {
        string path = _folder.At("mapped.mlpackage");
        LargePackage.Write(path, [(4096, 4096, true)]); // 32 MiB
        Weight weight = _format.Read(path).Weights.Single();
        TensorData copied = new(weight.Type, weight.Shape, ((DenseWeight)weight.Stored).Values.Bytes.ToArray());

        Assert.Equal(new Weight("w", new DenseWeight(weight.Type, copied), weight.Uses, 0, 1).Hash, weight.Hash);
    }

    private static void AssertDrawn(Graph graph, int layer)
    {
        ReadOnlySpan<byte> bytes = ((DenseWeight)graph.Weights[layer].Stored).Values.Bytes.Span;
        for (int i = 0; i < bytes.Length / 2; i++)
        {
            if (BitConverter.ToHalf(bytes[(2 * i)..]) != LargePackage.ValueOf(layer, i))
            {
                Assert.Fail($"Weight {layer}, element {i}.");
            }
        }
    }

    // Leaves out what is zeros, so that a large file takes little disk.
    private sealed class HoleStream(FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.ContainsAnyExcept((byte)0))
            {
                file.Write(buffer);
            }
            else
            {
                file.Seek(buffer.Length, SeekOrigin.Current);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => file.SetLength(file.Position);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
