using SweepCluster.Numerics.MatrixProducts;

namespace SweepCluster.Numerics.Tests.MatrixProducts;

public sealed class MatrixProductTests
{
    [Fact]
    public void Multiply_SmallMatrices_GivesTheirProduct()
    {
        float[] actual = new float[4];

        MatrixProduct.Multiply([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], actual, 2, 3, 2);

        Assert.Equal([58, 64, 139, 154], actual);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(8, 9)]
    [InlineData(17, 64)]
    [InlineData(33, 3)]
    [InlineData(65, 31)]
    [InlineData(100, 12)]
    public void Multiply_AnyWidth_GivesTheBitsOfTheDefinition(int columns, int terms)
    {
        const int Rows = 3;
        float[] left = Samples.Floats(Rows * terms, 71), right = Samples.Floats(terms * columns, 72);
        float[] expected = [.. Enumerable.Repeat(float.NaN, Rows * columns)], actual = [.. expected];
        for (int row = 0; row < Rows; row++)
        {
            MatrixProduct.MultiplyScalar(left.AsSpan(row * terms, terms), right, expected.AsSpan(row * columns, columns), 0);
        }

        MatrixProduct.Multiply(left, right, actual, Rows, terms, columns);

        Assert.Equal(Samples.Bits(expected), Samples.Bits(actual));
    }

    [Fact]
    public void Multiply_LengthsThatDoNotFit_Refuses()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new float[6], new float[5], new float[4], 2, 3, 2));

        Assert.Equal("6, 5 and 4 values do not fit matrices of 2 x 3 and 3 x 2.", error.Message);
    }
}
