using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests.Weights;

public class CompressedWeightTests
{
    [Fact]
    public void PayloadBytes_Palettized_CountsIndicesAndTable()
    {
        PalettizedWeight weight = Palettized(new Shape(4, 3), new Shape(2, 1, 8, 1));

        Assert.Equal((3, 1), (weight.Bits, weight.VectorLength));
        Assert.Equal(5 + 32, weight.PayloadBytes); // 12 indices of 3 bits; 16 halves
        Assert.Equal(["indices", "table"], weight.Parts.Select(part => part.Key));
    }

    [Theory]
    [InlineData(new[] { 3, 1, 8, 1 })] // 3 groups do not divide 4
    [InlineData(new[] { 1, 1, 4, 1 })] // 4 entries for 3 bits
    [InlineData(new[] { 1, 8, 1 })] // a rank too low
    [InlineData(new[] { 1, 1, 8, 2 })] // vectors without an axis
    public void Palettized_TableThatDoesNotFit_Throws(int[] table) => Assert.Throws<ArgumentException>(() => Palettized(new Shape(4, 3), new Shape(table)));

    [Fact]
    public void Quantized_ScalesThatDoNotDivide_Throws()
    {
        TensorData codes = TensorData.FromCodes(ElementType.Int8, new Shape(4, 3), new int[12]);

        Assert.Throws<ArgumentException>(() => new QuantizedWeight(codes, Scales(4, 2), null, DecodeArithmetic.Float32));
        Assert.Throws<ArgumentException>(() => new QuantizedWeight(codes, Scales(4), null, DecodeArithmetic.Float32));
        Assert.Throws<ArgumentException>(
            () => new QuantizedWeight(codes, Scales(4, 1), TensorData.FromCodes(ElementType.UInt8, new Shape(4, 1), new int[4]), DecodeArithmetic.Float32));
        Assert.Equal(["codes", "scales"], new QuantizedWeight(codes, Scales(4, 1), null, DecodeArithmetic.Float32).Parts.Select(part => part.Key));
    }

    [Fact]
    public void Sparse_MaskWithAnotherNumberOfOnes_Throws() => Assert.Throws<ArgumentException>(
        () => new SparseWeight(TensorData.FromCodes(ElementType.UInt1, new Shape(3), [1, 0, 1]), TensorData.FromFloat16(new Shape(1), [1])));

    [Fact]
    public void Hash_EqualContent_IsEqualWhateverTheName()
    {
        Assert.Equal(Dense("a", new Shape(2, 2), 1, 2, 3, 4).Hash, Dense("b", new Shape(2, 2), 1, 2, 3, 4).Hash);
        Assert.NotEqual(Dense("a", new Shape(2, 2), 1, 2, 3, 4).Hash, Dense("a", new Shape(4, 1), 1, 2, 3, 4).Hash);
        Assert.NotEqual(Dense("a", new Shape(2, 2), 1, 2, 3, 4).Hash, Dense("a", new Shape(2, 2), 1, 2, 3, 5).Hash);
        Assert.Matches("^[0-9a-f]{64}$", Dense("a", new Shape(1), 1).Hash);
    }

    private static Weight Dense(string name, Shape shape, params float[] values) =>
        new(name, new DenseWeight(ElementType.Float16, TensorData.FromFloat16(shape, values)), [], 0, 1);

    private static TensorData Scales(params int[] extents) => TensorData.FromFloat16(new Shape(extents), new float[extents.Aggregate(1, (product, extent) => product * extent)]);

    private static PalettizedWeight Palettized(Shape shape, Shape table) => new(
        shape, TensorData.FromCodes(ElementType.UInt3, shape, new int[shape.ElementCount]), TensorData.FromFloat16(table, new float[table.ElementCount]));
}
