using System.Runtime.InteropServices;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests.Weights;

/// <summary>Pieces of any length, one after the other, are the values; and values are what the definitions say, also where there are too many numbers to decode with for all of them to be held.</summary>
public class DecodedPiecesTests
{
    private static readonly Random s_random = new(20261121);

    private static readonly (string Name, CompressedWeight Weight)[] s_forms =
    [
        ("float16", new DenseWeight(ElementType.Float16, Floats(ElementType.Float16, 123, 81))),
        ("float16 cast to float32", new DenseWeight(ElementType.Float32, Floats(ElementType.Float16, 123, 81))),
        ("float32 rounded to float16", new DenseWeight(ElementType.Float16, Floats(ElementType.Float32, 123, 81))),
        ("integers", new DenseWeight(ElementType.Int4, Codes(ElementType.Int4, 123, 81))),
        ("palette", new PalettizedWeight(new Shape(81, 123), Codes(ElementType.UInt3, 81, 123), Floats(ElementType.Float16, 1, 1, 8, 1))),
        ("palettes of groups", new PalettizedWeight(new Shape(80, 123), Codes(ElementType.UInt6, 80, 123), Floats(ElementType.Float16, 5, 3, 64, 1))),
        ("palette of codes", new PalettizedWeight(
            new Shape(80, 123), Codes(ElementType.UInt4, 80, 123), new PaletteTable(Codes(ElementType.Int8, 5, 1, 16, 1), Floats(ElementType.Float16, 5, 1, 1, 1), Codes(ElementType.Int8, 5, 1, 1, 1)))),
        ("palette with scales", new PalettizedWeight(new Shape(80, 123), Codes(ElementType.UInt4, 80, 123), Floats(ElementType.Float16, 1, 1, 16, 1), null, Floats(ElementType.Float16, 80, 1))),
        ("vectors on the first axis", new PalettizedWeight(new Shape(81, 123), Codes(ElementType.UInt2, 27, 123), Floats(ElementType.Float16, 1, 3, 4, 3), 0)),
        ("vectors on the last axis", new PalettizedWeight(new Shape(123, 84), Codes(ElementType.UInt2, 123, 28), Floats(ElementType.Float32, 1, 7, 4, 3), 1, Floats(ElementType.Float32, 123, 1))),
        ("vectors in between", new PalettizedWeight(new Shape(41, 12, 3, 7), Codes(ElementType.UInt2, 41, 3, 3, 7), Floats(ElementType.Float32, 1, 1, 3, 1, 4, 4), 1)),
        ("codes", new QuantizedWeight(Codes(ElementType.Int8, 81, 123), Floats(ElementType.Float16, 81, 1), Codes(ElementType.Int8, 81, 1), DecodeArithmetic.ScaleType)),
        ("codes, float32", new QuantizedWeight(Codes(ElementType.UInt8, 81, 123), Floats(ElementType.Float16, 1, 123), Codes(ElementType.UInt8, 1, 123), DecodeArithmetic.Float32)),
        ("codes in blocks", new QuantizedWeight(Codes(ElementType.UInt4, 82, 123), Floats(ElementType.Float32, 41, 3), null, DecodeArithmetic.ScaleType)),
        ("codes, each with a scale", new QuantizedWeight(Codes(ElementType.Int4, 82, 123), Floats(ElementType.Float16, 82, 123), Codes(ElementType.Int4, 82, 123), DecodeArithmetic.ScaleType)),
        ("codes rounded first", new QuantizedWeight(Codes(ElementType.Int13, 82, 123), Floats(ElementType.Float16, 82, 1), Codes(ElementType.Int13, 82, 1), DecodeArithmetic.ScaleType)),
        ("codes rounded first, each with a scale", new QuantizedWeight(Codes(ElementType.Int13, 82, 123), Floats(ElementType.Float16, 82, 123), Codes(ElementType.Int13, 82, 123), DecodeArithmetic.ScaleType)),
        ("codes with float offsets", new QuantizedWeight(Codes(ElementType.Int4, 82, 123), Floats(ElementType.Float16, 82, 1), Floats(ElementType.Float32, 82, 1), DecodeArithmetic.ScaleType)),
        ("codes with biases", new QuantizedWeight(Codes(ElementType.UInt5, 82, 123), Floats(ElementType.Float32, 82, 1), Floats(ElementType.Float32, 82, 1))),
        ("mask", Sparse((mask, ones) => new SparseWeight(mask, Floats(ElementType.Float16, ones)), 200, 101)),
        ("mask, float32", Sparse((mask, ones) => new SparseWeight(mask, Floats(ElementType.Float32, ones)), 200, 101)),
        ("mask, integers", Sparse((mask, ones) => new SparseWeight(mask, Codes(ElementType.UInt4, ones)), 200, 101)),
        ("empty mask", new SparseWeight(new TensorData(ElementType.UInt1, new Shape(9, 1111), new byte[1250]), Floats(ElementType.Float16, 0))),
        ("mask and palette", Sparse((mask, ones) => new SparsePalettizedWeight(mask.Shape, mask, Codes(ElementType.UInt3, ones), Floats(ElementType.Float16, 4, 1, 8, 1)), 200, 101)),
        ("mask and vectors", Sparse((mask, ones) => new SparsePalettizedWeight(new Shape(200, 202), mask, Codes(ElementType.UInt2, ones), Floats(ElementType.Float16, 4, 1, 4, 2), 1), 200, 101)),
        ("mask and vectors, first axis", Sparse((mask, ones) => new SparsePalettizedWeight(new Shape(400, 101), mask, Codes(ElementType.UInt2, ones), Floats(ElementType.Float16, 4, 1, 4, 2), 0), 200, 101)),
        ("mask and codes", Sparse((mask, ones) => new SparseQuantizedWeight(mask, Codes(ElementType.Int4, ones), Floats(ElementType.Float16, 40, 1), Codes(ElementType.Int4, 40, 1)), 200, 101)),
        ("mask and codes rounded first", Sparse((mask, ones) => new SparseQuantizedWeight(mask, Codes(ElementType.Int12, ones), Floats(ElementType.Float16, 40, 1), null), 200, 101)),
    ];

    public static TheoryData<string> Names => [.. s_forms.Select(form => form.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Pieces_OfAnyLength_AreTheValues(string name)
    {
        CompressedWeight weight = s_forms.Single(form => form.Name == name).Weight;
        int[] expected = Bits(Decompressor.ToFloat32(weight));

        Assert.InRange(expected.Length, 8193, 100_000); // more than one chunk
        foreach (int length in new[] { 1, 5, 8, 13, 64, 1001, 8191, 8192, 8193, Decompressor.PieceElements })
        {
            int at = 0;
            foreach (ReadOnlyMemory<float> piece in Decompressor.Pieces(weight, length))
            {
                Assert.True(Bits(piece.Span).AsSpan().SequenceEqual(expected.AsSpan(at, Math.Min(length, expected.Length - at))), $"values {at} to {at + piece.Length}");
                at += piece.Length;
            }

            Assert.Equal(expected.Length, at);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void DensePieces_OfAnyLength_AreTheBytes(string name)
    {
        CompressedWeight weight = s_forms.Single(form => form.Name == name).Weight;
        DenseWeight expected = Decompressor.ToDense(weight);

        Assert.Equal(Bits(Decompressor.ToFloat32(weight)), Bits(expected.Values.ToFloat32()));
        foreach (int length in new[] { 8, 24, 1000, 8192, 8200, Decompressor.PieceElements })
        {
            Assert.True(expected.Values.Bytes.Span.SequenceEqual(Decompressor.DensePieces(weight, length).SelectMany(piece => piece.ToArray()).ToArray()), $"pieces of {length}");
        }
    }

    // What no number says stays as it is: the quiet bit of a NaN is not set on the way.
    [Fact]
    public void DensePieces_SparseSignallingNaN_KeepsItsBits()
    {
        SparseWeight weight = new(new TensorData(ElementType.UInt1, new Shape(9), new byte[] { 0, 1 }), new TensorData(ElementType.Float16, new Shape(1), new byte[] { 0x01, 0x7C }));

        Assert.Equal([.. new byte[16], 0x01, 0x7C], Decompressor.DensePieces(weight).Single().ToArray());
    }

    // A table for every two elements: more than a million entries, of which only those in use are held.
    [Theory, InlineData(false), InlineData(true)]
    public void ToFloat32_TablesWithoutEnd_LooksUpInEachElementsOwn(bool hasMask)
    {
        Shape shape = new(700, 1600);
        Shape tables = new(700, 800, 4, 1);
        TensorData entries = Codes(ElementType.Int4, 700, 800, 4, 1), scales = Floats(ElementType.Float16, 700, 1, 1, 1);
        PaletteTable table = new(entries, scales, null);
        (TensorData mask, int ones) = Mask(shape, hasMask ? 3 : 1);
        TensorData indices = Codes(ElementType.UInt2, ones);
        int[] stored = indices.ToInt32(), codes = entries.ToInt32(), kept = mask.ToInt32();
        float[] scale = scales.ToFloat32();

        float[] values = Decompressor.ToFloat32(hasMask ? new SparsePalettizedWeight(shape, mask, indices, table) : new PalettizedWeight(shape, indices.Reshape(shape), table));

        Assert.Equal(tables.ElementCount, codes.Length);
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float expected = kept[i] == 0 ? 0 : (float)(Half)(codes[(i / 2 * 4) + stored[next++]] * scale[i / 1600]);
            Assert.True(expected.Equals(values[i]), $"{i}: {values[i]}, expected {expected}");
        }
    }

    [Fact]
    public void ToFloat32_ScalesWithoutEnd_ScalesEachByItsOwn()
    {
        TensorData codes = Codes(ElementType.UInt8, 1200, 1000), scales = Floats(ElementType.Float32, 1200, 1000), zeros = Codes(ElementType.UInt8, 1200, 1000);
        int[] stored = codes.ToInt32(), offsets = zeros.ToInt32();
        float[] scale = scales.ToFloat32();

        float[] values = Decompressor.ToFloat32(new QuantizedWeight(codes, scales, zeros, DecodeArithmetic.ScaleType));

        Assert.Equal(stored.Select((code, i) => (code - offsets[i]) * scale[i]), values);
    }

    // Each step in float16, where codes of 13 bits and their zero points are not exact.
    [Theory, InlineData(true), InlineData(false)]
    public void ToFloat32_RoundedStepsWithScalesOfTheirOwn_RoundsEachStep(bool hasZeros)
    {
        TensorData codes = Codes(ElementType.Int13, 91, 103), scales = Floats(ElementType.Float16, 91, 103), zeros = Codes(ElementType.Int13, 91, 103);
        int[] stored = codes.ToInt32(), offsets = zeros.ToInt32();
        float[] scale = scales.ToFloat32();

        float[] values = Decompressor.ToFloat32(new QuantizedWeight(codes, scales, hasZeros ? zeros : null, DecodeArithmetic.ScaleType));

        Assert.Equal(stored.Select((code, i) => (float)(Half)((float)(Half)((float)(Half)code - (hasZeros ? (float)(Half)offsets[i] : 0)) * scale[i])), values);
    }

    // More entries than are held of 4 bits: each row takes one element of a vector of every table.
    [Theory, InlineData(ElementType.Int4), InlineData(ElementType.Int8)]
    public void ToFloat32_VectorsOfManyTables_LooksUpInEachGroupsOwn(ElementType type)
    {
        const int Groups = 65, Length = 64, Entries = 256;
        TensorData entries = Codes(type, 1, Groups, Entries, Length), scales = Floats(ElementType.Float16, 1, Groups, 1, 1), indices = Codes(ElementType.UInt8, 4, Groups);
        int[] codes = entries.ToInt32(), stored = indices.ToInt32();
        float[] scale = scales.ToFloat32();

        float[] values = Decompressor.ToFloat32(new PalettizedWeight(new Shape(4 * Length, Groups), indices, new PaletteTable(entries, scales, null), 0));

        Assert.Equal(
            Enumerable.Range(0, 4 * Length * Groups).Select(i => (Row: i / Groups, Group: i % Groups))
                .Select(at => (float)(Half)(codes[(((at.Group * Entries) + stored[(at.Row / Length * Groups) + at.Group]) * Length) + (at.Row % Length)] * scale[at.Group])),
            values);
    }

    [Theory, InlineData(0), InlineData(-8)]
    public void Pieces_OfNothing_AreRefusedAtOnce(int elements)
    {
        DenseWeight weight = new(ElementType.Float16, Floats(ElementType.Float32, 3));

        Assert.Throws<ArgumentOutOfRangeException>(nameof(elements), () => Decompressor.Pieces(weight, elements));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(elements), () => Decompressor.DensePieces(weight, elements));
    }

    // Rows longer than what is known of the vectors at once, and pruned ones among them.
    [Theory]
    [InlineData(0, 6, 20_011, 1)]
    [InlineData(1, 3, 30_000, 15)]
    [InlineData(1, 20_011, 4, 1)]
    [InlineData(0, 20_010, 3, 3)]
    public void ToFloat32_Vectors_PutsEachElementWhereItsVectorIs(int axis, int rows, int columns, int groups)
    {
        Shape shape = new(rows, columns), vectors = shape.With(axis, shape[axis] / 2);
        (TensorData mask, int ones) = Mask(vectors, 3);
        TensorData indices = Codes(ElementType.UInt2, ones), table = Floats(ElementType.Float16, 1, groups, 4, 2);
        int[] kept = mask.ToInt32(), stored = indices.ToInt32(), before = new int[kept.Length];
        for (int i = 1; i < before.Length; i++)
        {
            before[i] = before[i - 1] + kept[i - 1];
        }

        float[] entries = table.ToFloat32(), values = Decompressor.ToFloat32(new SparsePalettizedWeight(shape, mask, indices, table, axis));

        for (int i = 0; i < values.Length; i++)
        {
            int row = i / columns, column = i % columns, element = (axis == 0 ? row : column) % 2;
            int vector = axis == 0 ? (row / 2 * columns) + column : (row * (columns / 2)) + (column / 2);
            int group = vector % vectors[1] / (vectors[1] / groups);
            float expected = kept[vector] == 0 ? 0 : entries[(((group * 4) + stored[before[vector]]) * 2) + element];
            Assert.True(expected.Equals(values[i]), $"{i}: {values[i]}, expected {expected}");
        }
    }

    [Fact]
    public void Pieces_OfALargeWeight_AllocateForOne()
    {
        QuantizedWeight weight = new(new TensorData(ElementType.UInt1, new Shape(1 << 13, 1 << 13), new byte[1 << 23]), Floats(ElementType.Float32, 1, 1), null, DecodeArithmetic.ScaleType); // 256 MiB of float32
        long before = GC.GetAllocatedBytesForCurrentThread(), count = 0;

        foreach (ReadOnlyMemory<float> piece in Decompressor.Pieces(weight))
        {
            count += piece.Length;
        }

        Assert.Equal(1L << 26, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void DenseLength_MoreThanOneTensorHas_SaysSo()
    {
        SparseWeight weight = new(new TensorData(ElementType.UInt1, new Shape(1 << 15, 1 << 15), new byte[1 << 27]), Floats(ElementType.Float32, 0));

        Assert.Equal(
            "compressed weight [32768, 32768]: found 4294967296 bytes of float32 values, expected at most 2147483591, which one tensor can have.",
            Assert.Throws<BadInputException>(() => Decompressor.ToDense(weight)).Message);
    }

    private static int[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    private static TensorData Codes(ElementType type, params int[] extents)
    {
        Shape shape = new(extents);
        int bits = type.BitWidth(), low = type.IsSigned() ? -(1 << (bits - 1)) : 0;
        int[] codes = new int[shape.ElementCount];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = low + s_random.Next(1 << bits);
        }

        return TensorData.FromCodes(type, shape, codes);
    }

    private static TensorData Floats(ElementType type, params int[] extents)
    {
        Shape shape = new(extents);
        float[] values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = s_random.NextSingle() - 0.5f;
        }

        return TensorData.FromFloats(type, shape, values);
    }

    private static (TensorData Mask, int Ones) Mask(Shape shape, int oneIn)
    {
        int[] bits = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => s_random.Next(oneIn) == 0 ? 1 : 0)];
        return (TensorData.FromCodes(ElementType.UInt1, shape, bits), bits.Sum());
    }

    private static CompressedWeight Sparse(Func<TensorData, int, CompressedWeight> make, params int[] extents)
    {
        (TensorData mask, int ones) = Mask(new Shape(extents), 3);
        return make(mask, ones);
    }
}
