using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Casting;

public class Float16CompressorTests
{
    [Fact]
    public void Compress_Float32_StoresNearestHalvesAndComputesInFloat32()
    {
        // 1 + 2^-11 lies between 1 and the next half: ties go to even, which is 1. 65519 is the last that does not round to infinity.
        Weight weight = TestWeights.Single(new Shape(4), 1 + MathF.Pow(2, -11), 0.1f, 65519, MathF.Pow(2, -25));

        DenseWeight compressed = TestWeights.Compress<DenseWeight>(weight, "float16");

        Assert.Equal((ElementType.Float32, ElementType.Float16), (compressed.Type, compressed.Values.Type));
        Assert.Equal([1, 0.0999755859375f, 65504, 0], Decompressor.ToFloat32(compressed));
        Assert.Equal(8, compressed.PayloadBytes);
    }

    [Fact]
    public void Compress_BeyondFloat16_IsRefused()
    {
        SchemeNotApplicableException error = Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Single(new Shape(3), 0, -65520, 1), "float16"));

        Assert.Equal("element 1 is -65520, beyond float16's 65504", error.Reason);
        Assert.Equal("weight 'w', scheme float16: element 1 is -65520, beyond float16's 65504.", error.Message);
    }

    [Fact]
    public void Refuses_Float16Weight_SaysSo() => Assert.Equal("already float16", Compressors.Refuses(TestWeights.Half(new Shape(2), 1, 2), new Float16Scheme()));
}
