using System.Runtime.InteropServices;
using SweepCluster.Formats.Spills;
using SweepCluster.Formats.Tests.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.Spills;

public sealed class WeightSpillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keep_LargeWeights_GivesTheSameFromAFileWithoutAName()
    {
        using WeightSpill spill = new(_folder.At("out.mlpackage"));
        CompressedWeight[] weights = [.. Enumerable.Range(1, 4).Select(Quantized)];

        CompressedWeight[] kept = new CompressedWeight[weights.Length];
        Parallel.For(0, weights.Length, i => kept[i] = spill.Keep(weights[i]));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.NotSame(weights[i], kept[i]);
            PackageChecks.AssertSameForm(weights[i], kept[i]);
        }
    }

    [Fact]
    public void Keep_SmallWeight_IsItself()
    {
        using WeightSpill spill = new(_folder.At("out.mlpackage"));
        DenseWeight weight = new(ElementType.Float32, TensorData.FromFloat32(new Shape(3), [1, 2, 3]));

        Assert.Same(weight, spill.Keep(weight));
    }

    // Several pieces of each, and one weight that is plain already.
    [Fact]
    public void KeepDense_LargeWeights_GivesTheirValuesFromAFileWithoutAName()
    {
        using WeightSpill spill = new(_folder.At("out.mlpackage"));
        QuantizedWeight[] weights = [.. Enumerable.Range(1, 3).Select(Quantized)];

        DenseWeight[] kept = Array.ConvertAll(weights, spill.KeepDense);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Same(kept[0], spill.KeepDense(kept[0]));
        foreach ((QuantizedWeight weight, DenseWeight dense) in weights.Zip(kept))
        {
            PackageChecks.AssertSameForm(Decompressor.ToDense(weight), dense);
        }
    }

    // Windows of 16 MiB, the second of which is begun; and what is small enough stays where it is.
    [Fact]
    public void KeepDense_ManySmallWeights_GivesTheValuesOfEach()
    {
        const int Count = 260;
        using WeightSpill spill = new(_folder.At("out.mlpackage"));
        PalettizedWeight[] weights = [.. Enumerable.Range(1, Count).Select(seed => Palette(seed, 200 + (seed % 7), 248))];
        PalettizedWeight tiny = Palette(0, 3, 5);

        DenseWeight[] kept = [.. weights.Select(spill.KeepDense)];
        DenseWeight[] again = [.. weights.Take(3).Select(spill.KeepDense)];

        Assert.InRange(kept.Sum(dense => (long)dense.Values.Bytes.Length), 48 << 20, 52 << 20);
        Assert.False(MemoryMarshal.TryGetMemoryManager(kept[0].Values.Bytes, out FileMemory? _));
        Assert.True(MemoryMarshal.TryGetMemoryManager(kept[^1].Values.Bytes, out FileMemory? _));
        Assert.False(MemoryMarshal.TryGetMemoryManager(spill.KeepDense(tiny).Values.Bytes, out FileMemory? _));
        foreach ((PalettizedWeight weight, DenseWeight dense) in weights.Concat(weights.Take(3)).Zip(kept.Concat(again)))
        {
            PackageChecks.AssertSameForm(Decompressor.ToDense(weight), dense);
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(800, 900)]
    public void PlanDense_OfAnyWeight_IsAsLongAsWhatIsKept(int rows, int columns)
    {
        PalettizedWeight weight = Palette(1, rows, columns);
        using WeightSpill spill = new(_folder.At("out.mlpackage"));

        DenseWeight planned = WeightSpill.PlanDense(weight), kept = spill.KeepDense(weight);

        Assert.Equal((kept.Type, kept.Shape, kept.Values.Type, kept.Values.Bytes.Length), (planned.Type, planned.Shape, planned.Values.Type, planned.Values.Bytes.Length));
        Assert.Equal(-1, planned.Values.Bytes.Span.IndexOfAnyExcept((byte)0));
    }

    private static PalettizedWeight Palette(int seed, int rows, int columns)
    {
        Shape shape = new(rows, columns);
        byte[] indices = new byte[ElementType.UInt1.ByteCount(shape.ElementCount)];
        new Random(seed).NextBytes(indices);
        indices[^1] &= (byte)(0xFF >> ((8 - (int)(shape.ElementCount % 8)) % 8));
        return new PalettizedWeight(shape, new TensorData(ElementType.UInt1, shape, indices), TensorData.FromFloat32(new Shape(1, 1, 2, 1), [seed, seed + 0.5f]));
    }

    [Fact]
    public void Keep_WhereNoFileCanBe_IsRefusedByTheTargetsName()
    {
        string target = _folder.At("file", "out.mlpackage");
        File.WriteAllText(_folder.At("file"), "");
        using WeightSpill spill = new(target);

        string fault = Assert.Throws<BadInputException>(() => spill.Keep(Quantized(1))).Message;

        Assert.StartsWith($"{target}: cannot be written (", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Keep_AfterDispose_IsRefused()
    {
        WeightSpill spill = new(_folder.At("out.mlpackage"));
        spill.Dispose();

        Assert.Throws<ObjectDisposedException>(() => spill.Keep(Quantized(1)));
    }

    private static QuantizedWeight Quantized(int seed)
    {
        byte[] codes = new byte[seed * 300_000];
        new Random(seed).NextBytes(codes);
        return new QuantizedWeight(new TensorData(ElementType.Int8, new Shape(seed, 300_000), codes), TensorData.FromFloat16(new Shape(1, 1), [0.5f]), null, DecodeArithmetic.ScaleType);
    }
}
