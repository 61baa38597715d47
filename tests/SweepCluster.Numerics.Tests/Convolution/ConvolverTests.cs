using SweepCluster.Numerics.Convolution;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Tests.Convolution;

public sealed class ConvolverTests
{
    // Widths around every tile size, channels around every block and panel, and each kind of convolution.
    public static TheoryData<ConvolutionCase> Cases
    {
        get
        {
            TheoryData<ConvolutionCase> cases = [];
            foreach (int width in Enumerable.Range(1, 16).Concat([21, 27, 29]))
            {
                cases.Add(new(16, 32, 3, width, 3, Pad: 1));
                cases.Add(new(3, 16, 5, width + 4, 3, Stride: 2, Lanes: 1));
            }

            foreach (int outputs in new[] { 1, 15, 16, 17, 31, 32, 33, 48, 64, 80 })
            {
                cases.Add(new(17, outputs, 4, 6, 1));
                cases.Add(new(5, outputs, 6, 7, 3, Pad: 1, Samples: 2));
            }

            foreach (int height in new[] { 1, 2, 3, 7 })
            {
                cases.Add(new(32, 32, height, 7, 3, Pad: 1, Samples: 3));
                cases.Add(new(16, 48, height, 6, 3, Pad: 1));
            }

            cases.Add(new(16, 32, 9, 11, 3, Stride: 2, Pad: 1));
            cases.Add(new(16, 32, 9, 11, 1, Stride: 2));
            cases.Add(new(16, 32, 13, 13, 3, Stride: 3, Pad: 2));
            cases.Add(new(16, 32, 13, 13, 3, Dilation: 2, Pad: 2));
            cases.Add(new(3, 24, 15, 15, 3, Dilation: 2, Pad: 2, Lanes: 1));
            cases.Add(new(3, 64, 23, 23, 7, Stride: 2, Pad: 3, Lanes: 1));
            cases.Add(new(3, 16, 35, 35, 11, Stride: 4, Pad: 2, Lanes: 1));
            cases.Add(new(3, 16, 21, 21, 3, Stride: 3, Lanes: 1));
            cases.Add(new(1, 8, 28, 28, 5, Lanes: 1, Samples: 2));
            cases.Add(new(64, 64, 6, 7, 3, Pad: 1, Groups: 2, Samples: 2));
            cases.Add(new(64, 96, 5, 5, 1, Groups: 2));
            cases.Add(new(48, 48, 7, 9, 3, Pad: 1, Groups: 48, Samples: 2));
            cases.Add(new(20, 20, 8, 8, 3, Stride: 2, Pad: 1, Groups: 20));
            cases.Add(new(24, 36, 5, 6, 3, Pad: 1, Groups: 4));
            cases.Add(new(6, 12, 5, 6, 3, Pad: 1, Groups: 3, Lanes: 1));
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_AnyShape_EveryPathMatchesScalarBitForBit(ConvolutionCase shape)
    {
        FeatureMap output = shape.Geometry.Output;
        float[] input = Samples.Floats(shape.InputCount, 1), weight = Samples.Floats(shape.Geometry.WeightCount, 2), bias = Samples.Floats(shape.Outputs, 3);
        float[] residual = Samples.Floats((long)shape.Samples * shape.Outputs * output.Height * output.Width, 4);
        float[] expected = shape.Run(VectorPath.Scalar, input, weight, bias, null, rectify: false);
        float[] expectedFused = shape.Run(VectorPath.Scalar, input, weight, bias, residual, rectify: true);

        foreach (VectorPath path in VectorPaths.All)
        {
            Assert.Equal(Samples.Bits(expected), Samples.Bits(shape.Run(path, input, weight, bias, null, rectify: false)));
            Assert.Equal(Samples.Bits(expectedFused), Samples.Bits(shape.Run(path, input, weight, bias, residual, rectify: true)));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_SmallIntegers_GivesTheExactSums(ConvolutionCase shape)
    {
        FeatureMap output = shape.Geometry.Output;
        int plainLength = shape.Samples * shape.Outputs * output.Height * output.Width;
        float[] input = Samples.Integers(shape.InputCount, 5), weight = Samples.Integers(shape.Geometry.WeightCount, 6), bias = Samples.Integers(shape.Outputs, 7);
        float[] residual = Samples.Integers(plainLength, 8), actual = new float[plainLength];

        MapLayout.ToPlain(output, shape.Run(VectorPaths.Best, input, weight, bias, residual, rectify: true), actual, shape.Samples);

        Assert.Equal(shape.RunExact(input, weight, bias, residual, rectify: true), actual);
    }

    [Fact]
    public void Run_WorkedByHand_GivesTheSums()
    {
        // A 3 x 3 picture 1..9 under a kernel [[1, 2], [3, 4]] and a bias of 10.
        ConvolutionCase shape = new(1, 1, 3, 3, 2, Lanes: 1);
        float[] actual = new float[4];

        MapLayout.ToPlain(shape.Geometry.Output, shape.Run(VectorPaths.Best, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4], [10], null, rectify: false), actual, 1);

        Assert.Equal([47, 57, 77, 87], actual);
    }

    [Fact]
    public void Run_OutputWithMargin_LeavesTheMarginAlone()
    {
        ConvolutionCase shape = new(16, 16, 4, 5, 3, Pad: 1);
        FeatureMap output = shape.Geometry.Output;

        float[] actual = shape.Run(VectorPaths.Best, Samples.Floats(shape.InputCount, 1), Samples.Floats(shape.Geometry.WeightCount, 2), new float[16], null, false);

        Assert.Equal(output.SampleLength - (output.Height * output.Width * 16), actual.Count(float.IsNaN));
    }

    [Fact]
    public void Run_NaNAndNegativeZero_StayThroughRectification()
    {
        ConvolutionCase shape = new(1, 1, 1, 3, 1, Lanes: 1);
        foreach (VectorPath path in VectorPaths.All)
        {
            float[] actual = new float[3];
            MapLayout.ToPlain(shape.Geometry.Output, shape.Run(path, [float.NaN, -0f, -5f], [1f], [-0f], null, rectify: true), actual, 1);
            Assert.True(float.IsNaN(actual[0]));
            Assert.True(float.IsNegative(actual[1]) && actual[1] == 0f);
            Assert.False(float.IsNegative(actual[2]));
        }
    }

    [Fact]
    public void Constructor_MarginSmallerThanPadding_Refuses()
    {
        FeatureMap input = new(16, 5, 5, 16), output = new(16, 5, 5, 16);

        Assert.Throws<ArgumentException>(() => new Convolver(new(input, output, 3, 3, PadTop: 1, PadLeft: 1), VectorPaths.Best));
    }

    [Theory]
    [InlineData(16, 16, 1)] // fewer floats
    [InlineData(64, 16, 1)] // as many floats, in another order
    [InlineData(16, 64, 1)]
    [InlineData(32, 32, 2)]
    public void Run_WeightsPackedForAnotherConvolution_Refuses(int inputs, int outputs, int groups)
    {
        FeatureMap input = new(32, 4, 4, 16), output = new(32, 4, 4, 16);
        ConvolutionGeometry other = new(new(inputs, 4, 4, 16), new(outputs, 4, 4, 16), 1, 1, Groups: groups);
        Convolver convolver = new(new(input, output, 1, 1), VectorPaths.Best);

        ArgumentException error = Assert.Throws<ArgumentException>("weights", () => convolver.Run(
            ConvolutionWeights.Pack(other, new float[other.WeightCount]), new AlignedFloats(32), new float[input.SampleLength], new float[output.SampleLength], 1, [], default, false));

        Assert.Contains("packed for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_AnotherNumberOfWeights_Refuses() =>
        Assert.Throws<ArgumentException>(() => ConvolutionWeights.Pack(new ConvolutionCase(16, 16, 4, 4, 1).Geometry, new float[255]));
}
