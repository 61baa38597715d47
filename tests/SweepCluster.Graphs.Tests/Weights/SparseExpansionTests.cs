using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests.Weights;

// Sparse forms of every length around registers and chunks, against a walk over the mask bit by bit.
public class SparseExpansionTests
{
    public static TheoryData<int> Lengths => [1, 7, 8, 63, 64, 65, 8191, 8192, 8193, 20_000];

    [Theory, MemberData(nameof(Lengths))]
    public void Decode_Sparse_PutsEveryValueToItsPlace(int length)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            (TensorData mask, int ones) = Mask(length, 3);
            float[] kept = [.. Enumerable.Range(1, ones).Select(i => i % 2048 * -0.25f)];
            SparseWeight weight = new(mask, TensorData.FromFloats(type, new Shape(ones), kept));
            float[] expected = Spread(mask, kept);

            Assert.Equal(expected, Decompressor.ToFloat32(weight));
            Assert.Equal(type, Decompressor.ToDense(weight).Values.Type);
            Assert.Equal(expected, Decompressor.ToDense(weight).Values.ToFloat32());
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Decode_SparsePalettized_LooksUpInTheTableOfTheGroup(int length)
    {
        foreach (int axis in new[] { 0, 1 })
        {
            Shape shape = axis == 0 ? new(3, length) : new(length, 3), tables = axis == 0 ? new(3, 1, 4, 1) : new(1, 3, 4, 1);
            (TensorData mask, int ones) = Mask(shape, 5);
            int[] indices = [.. Enumerable.Range(0, ones).Select(i => i * 7 % 4)];
            float[] table = [.. Enumerable.Range(1, 12).Select(i => i * 1.5f)];
            SparsePalettizedWeight weight = new(shape, mask, TensorData.FromCodes(ElementType.UInt2, new Shape(ones), indices), TensorData.FromFloats(ElementType.Float16, tables, table));

            // The groups are walked twice: what is stored, and where.
            int next = 0;
            float[] expected = [.. Enumerable.Range(0, 3 * length).Select(i => IsSet(mask, i) ? table[((axis == 0 ? i / length : i % 3) * 4) + indices[next++]] : 0)];
            Assert.Equal(expected, Decompressor.ToFloat32(weight));
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Decode_SparseQuantized_ShiftsAndScalesByTheBlock(int length)
    {
        foreach (int axis in new[] { 0, 1 })
        {
            Shape shape = axis == 0 ? new(3, length) : new(length, 3), blocks = axis == 0 ? new(3, 1) : new(1, 3);
            (TensorData mask, int ones) = Mask(shape, 2);
            int[] codes = [.. Enumerable.Range(0, ones).Select(i => i % 255)];
            SparseQuantizedWeight weight = new(
                mask, TensorData.FromCodes(ElementType.UInt8, new Shape(ones), codes), TensorData.FromFloats(ElementType.Float16, blocks, [0.1f, 2, 4]), TensorData.FromCodes(ElementType.UInt8, blocks, [0, 9, 128]));
            float[] scales = [(float)(Half)0.1f, 2, 4];
            int[] zeros = [0, 9, 128];

            int next = 0;
            float[] expected = [.. Enumerable.Range(0, 3 * length).Select(i => IsSet(mask, i) ? Value(axis == 0 ? i / length : i % 3, codes[next++]) : 0)];
            Assert.Equal(expected, Decompressor.ToFloat32(weight));

            float Value(int block, int code) => (float)(Half)((code - zeros[block]) * scales[block]);
        }
    }

    private static (TensorData Mask, int Ones) Mask(int length, int oneIn) => Mask(new Shape(length), oneIn);

    private static (TensorData Mask, int Ones) Mask(Shape shape, int oneIn)
    {
        Random random = new((int)shape.ElementCount);
        int[] bits = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next(oneIn) == 0 ? 1 : 0)];
        return (TensorData.FromCodes(ElementType.UInt1, shape, bits), bits.Sum());
    }

    private static float[] Spread(TensorData mask, float[] kept)
    {
        int next = 0;
        return [.. Enumerable.Range(0, (int)mask.Shape.ElementCount).Select(i => IsSet(mask, i) ? kept[next++] : 0)];
    }

    private static bool IsSet(TensorData mask, int i) => (mask.Bytes.Span[i / 8] >> (i % 8) & 1) != 0;
}
