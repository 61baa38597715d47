using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Numerics.Tests.Elementwise;

public sealed class MapArithmeticTests
{
    [Theory]
    [InlineData(BinaryOperation.Add, 8, 4)]
    [InlineData(BinaryOperation.Subtract, 4, -4)]
    [InlineData(BinaryOperation.Multiply, 12, 0)]
    [InlineData(BinaryOperation.Divide, 3, 0)]
    [InlineData(BinaryOperation.Maximum, 6, 4)]
    [InlineData(BinaryOperation.Minimum, 2, 0)]
    [InlineData(BinaryOperation.FloorDivide, 3, 0)]
    [InlineData(BinaryOperation.Modulo, 0, 0)]
    [InlineData(BinaryOperation.Power, 36, 0)]
    [InlineData(BinaryOperation.PRelu, 6, 0)]
    [InlineData(BinaryOperation.Less, 0, 1)]
    [InlineData(BinaryOperation.NotEqual, 1, 1)]
    [InlineData(BinaryOperation.And, 1, 0)]
    public void Apply_OneValueForEachChannel_SpreadsOverRowsAndColumns(BinaryOperation operation, float first, float second)
    {
        foreach (int lanes in new[] { 1, 16 })
        {
            FeatureMap map = new(2, 2, 3, lanes, 1, 1, 1, 1), one = new(2, 1, 1, lanes);
            float[] left = Samples.LayOut(map, [6, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0, 0], 1), output = new float[map.SampleLength], actual = new float[12];
            float[] right = Samples.LayOut(one, [2, 4], 1);

            MapArithmetic.Apply(operation, new(map, left), new(one, right, shared: true), map, output, 1);
            MapLayout.ToPlain(map, output, actual, 1);

            Assert.Equal([first, first, first, first, first, first, second, second, second, second, second, second], actual);
        }
    }

    [Fact]
    public void Apply_EqualMapsWithOtherMargins_WorksElementByElement()
    {
        FeatureMap a = new(17, 3, 4, 16, 1, 0, 0, 2), b = a.WithoutMargin();
        float[] left = Samples.Floats(2 * 17 * 12, 41), right = Samples.Floats(2 * 17 * 12, 42), output = new float[2 * a.SampleLength], actual = new float[left.Length];

        MapArithmetic.Apply(BinaryOperation.Subtract, new(a, Samples.LayOut(a, left, 2)), new(b, Samples.LayOut(b, right, 2)), a, output, 2);
        MapLayout.ToPlain(a, output, actual, 2);

        Assert.Equal(left.Zip(right, (x, y) => x - y), actual);
    }

    [Theory]
    [InlineData(UnaryOperation.Relu, 0f, 0f, new[] { 0f, 0f, 1f, 7f })]
    [InlineData(UnaryOperation.Clip, 0f, 6f, new[] { 0f, 0f, 1f, 6f })]
    [InlineData(UnaryOperation.Clip, 5f, 2f, new[] { 2f, 2f, 2f, 2f })] // min(max(x, 5), 2)
    [InlineData(UnaryOperation.LeakyRelu, 0.5f, 0f, new[] { -1f, 0f, 1f, 7f })]
    [InlineData(UnaryOperation.HardSigmoid, 0.25f, 0.5f, new[] { 0f, 0.5f, 0.75f, 1f })]
    [InlineData(UnaryOperation.Sigmoid, 0f, 0f, new[] { 0.11920292f, 0.5f, 0.7310586f, 0.999089f })]
    [InlineData(UnaryOperation.Tanh, 0f, 0f, new[] { -0.9640276f, 0f, 0.7615942f, 0.9999983f })]
    [InlineData(UnaryOperation.Silu, 0f, 0f, new[] { -0.23840584f, 0f, 0.7310586f, 6.993623f })]
    public void Apply_OneOperand_GivesTheFunction(UnaryOperation operation, float alpha, float beta, float[] expected)
    {
        FeatureMap map = new(1, 2, 2, 16);
        float[] output = new float[map.SampleLength], actual = new float[4];

        MapArithmetic.Apply(operation, alpha, beta, new(map, Samples.LayOut(map, [-2, 0, 1, 7], 1)), map, output, 1);
        MapLayout.ToPlain(map, output, actual, 1);

        Assert.Equal(expected, actual, (a, b) => MathF.Abs(a - b) <= 3e-7f * MathF.Max(1f, MathF.Abs(a)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    public void Apply_WholeRows_GiveTheBitsOfEachElementAlone(int width)
    {
        float[] extremes = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -1e-30f, 1e30f];
        float[] values = [.. Samples.Floats(width, 61).Select((value, i) => i % 3 == 2 ? extremes[i / 3 % extremes.Length] : 4f * value)];
        FeatureMap row = new(1, 1, width, 1);
        foreach (UnaryOperation operation in Enum.GetValues<UnaryOperation>())
        {
            foreach ((float alpha, float beta) in new[] { (-0f, 2.5f), (0.3f, -0.5f), (float.NaN, 1f) })
            {
                float[] output = new float[row.SampleLength], actual = new float[width], expected = Array.ConvertAll(values, value => ScalarFunctions.Evaluate(operation, alpha, beta, value));

                MapArithmetic.Apply(operation, alpha, beta, new(row, Samples.LayOut(row, values, 1)), row, output, 1);
                MapLayout.ToPlain(row, output, actual, 1);

                Assert.Equal(Samples.Bits(expected), Samples.Bits(actual));
            }
        }
    }

    [Theory]
    [InlineData(BinaryOperation.Maximum)]
    [InlineData(BinaryOperation.Minimum)]
    public void Apply_NaNOnEitherSide_StaysNaN(BinaryOperation operation)
    {
        FeatureMap map = new(1, 1, 3, 16);
        float[] output = new float[map.SampleLength], actual = new float[3];

        MapArithmetic.Apply(
            operation, new(map, Samples.LayOut(map, [float.NaN, 1, float.NaN], 1)), new(map, Samples.LayOut(map, [1, float.NaN, float.NaN], 1)), map, output, 1);
        MapLayout.ToPlain(map, output, actual, 1);

        Assert.All(actual, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Apply_OtherChannels_Refuses()
    {
        FeatureMap map = new(16, 2, 2, 16), other = new(32, 2, 2, 16);

        Assert.Throws<ArgumentException>(() => MapArithmetic.Apply(
            BinaryOperation.Add, new(map, new float[map.SampleLength]), new(other, new float[other.SampleLength]), map, new float[map.SampleLength], 1));
    }
}
