using System.Runtime.InteropServices;
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

    // Every float16 number, the points halfway to the next one, and the float32 numbers beside those: rounding, denormals and zeros of both signs against the runtime's own cast.
    [Fact]
    public void Compress_EveryBoundaryOfFloat16_RoundsAsTheCastDoes()
    {
        List<float> values = [float.Epsilon, -float.Epsilon, 0, -0f, 65519.996f];
        for (int bits = 0; bits < 0x7BFF; bits++)
        {
            float low = (float)BitConverter.UInt16BitsToHalf((ushort)bits), high = (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1)), middle = low + ((high - low) / 2);
            values.AddRange([low, -low, middle, -middle, MathF.BitDecrement(middle), MathF.BitIncrement(middle), -MathF.BitIncrement(middle)]);
        }

        DenseWeight compressed = TestWeights.Compress<DenseWeight>(TestWeights.Single(new Shape(values.Count), [.. values]), "float16");

        Assert.Equal(values.Select(value => BitConverter.HalfToUInt16Bits((Half)value)), MemoryMarshal.Cast<byte, ushort>(compressed.Values.Bytes.Span).ToArray());
    }

    // In any place: the vectorised search for the largest leaves none out.
    [Fact]
    public void Compress_BeyondFloat16AnywhereInALongWeight_IsRefusedWithThePlace()
    {
        foreach (int place in new[] { 0, 15, 16, 31, 64, 998, 999 })
        {
            float[] values = new float[1000];
            values[place] = -65520;
            Assert.Equal(
                $"element {place} is -65520, beyond float16's 65504",
                Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Single(new Shape(1000), values), "float16")).Reason);
        }
    }

    [Fact]
    public void Refuses_Float16Weight_SaysSo() => Assert.Equal("already float16", Compressors.Refuses(TestWeights.Half(new Shape(2), 1, 2), new Float16Scheme()));
}
