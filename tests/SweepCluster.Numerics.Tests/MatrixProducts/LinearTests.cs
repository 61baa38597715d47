using SweepCluster.Numerics.MatrixProducts;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Tests.MatrixProducts;

public sealed class LinearTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 7, 10, 3 }, { 16, 16, 4 }, { 33, 17, 5 }, { 64, 32, 8 }, { 65, 33, 9 }, { 100, 1000, 2 }, { 3, 48, 0 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Run_AnyShape_EveryPathMatchesScalarBitForBit(int inputs, int outputs, int rows)
    {
        float[] input = Samples.Floats((inputs + 3) * rows, 21), weight = Samples.Floats(inputs * outputs, 22), bias = Samples.Floats(outputs, 23);
        foreach (VectorPath path in VectorPaths.All)
        {
            Assert.Equal(Samples.Bits(Run(VectorPath.Scalar, input, weight, bias, rows)), Samples.Bits(Run(path, input, weight, bias, rows)));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Run_SmallIntegers_GivesTheExactSums(int inputs, int outputs, int rows)
    {
        float[] input = Samples.Integers((inputs + 3) * rows, 24), weight = Samples.Integers(inputs * outputs, 25), bias = Samples.Integers(outputs, 26);
        int pitch = (outputs + 15) / 16 * 16;

        float[] actual = Run(VectorPaths.Best, input, weight, bias, rows);

        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < pitch; output++)
            {
                double sum = output < outputs ? bias[output] + Enumerable.Range(0, inputs).Sum(i => input[(row * (inputs + 3)) + i] * weight[(output * inputs) + i]) : 0;
                Assert.Equal(Math.Max(0, sum), actual[(row * pitch) + output]);
            }
        }
    }

    [Fact]
    public void Run_OutputTooShort_Refuses()
    {
        LinearWeights weights = LinearWeights.Pack(2, 3, new float[6]);

        Assert.Throws<ArgumentException>(() => Linear.Run(weights, AlignedFloats.CopyOf(new float[3], 32), new float[2], 2, new float[15], 15, 1, false, VectorPaths.Best));
    }

    private static float[] Run(VectorPath path, float[] input, float[] weight, float[] bias, int rows)
    {
        int outputs = bias.Length, inputs = weight.Length / outputs, pitch = (outputs + 15) / 16 * 16;
        float[] output = [.. Enumerable.Repeat(float.NaN, rows * pitch)];
        Linear.Run(
            LinearWeights.Pack(inputs, outputs, weight), AlignedFloats.CopyOf(bias, LinearWeights.PanelLanes), input, inputs + 3, output, pitch, rows, rectify: true, path);
        return output;
    }
}
