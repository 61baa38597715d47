using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

public class ClipSearchTests
{
    // Against every float16 scale from the plain one down to a fifth of it: what the search finds is within 1 % of the best there is in sum, and never worse than unclipped.
    [Theory]
    [InlineData(ElementType.Int4, 32), InlineData(ElementType.Int4, 8), InlineData(ElementType.Int3, 32), InlineData(ElementType.Int2, 16), InlineData(ElementType.UInt4, 64), InlineData(ElementType.Int8, 64)]
    public void Find_Symmetric_IsNearTheBestOfEveryScale(ElementType type, int length)
    {
        CodeRange range = CodeRange.Of(type, symmetric: true);
        DeviceArithmetic device = DeviceArithmetic.Of(ElementType.Float16, DecodeArithmetic.ScaleType, type.BitWidth());
        double found = 0, best = 0, unclipped = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            float[] values = Array.ConvertAll(TestWeights.Normal(length, seed), value => (float)(Half)value);
            values[0] *= 1 + (seed % 4); // outliers
            float[] importances = seed % 2 == 0 ? [] : [.. Enumerable.Range(0, length).Select(i => 0.25f * (i % 7))];
            BlockScale plain = Plain(values, range, device);
            double plainError = BlockErrors.OfDevice(values, importances, plain, range, device), least = plainError;
            for (float scale = BlockScale.Step(plain.Scale, true, device); scale > plain.Scale / 5; scale = BlockScale.Step(scale, false, device))
            {
                least = Math.Min(least, BlockErrors.OfDevice(values, importances, new(scale, plain.Zero), range, device));
            }

            double error = BlockErrors.OfDevice(values, importances, new ClipSearch(range, device).Find(values, importances, plain), range, device);
            Assert.InRange(error, 0, plainError);
            found += error;
            best += least;
            unclipped += plainError;
        }

        Assert.InRange(found, 0, best * 1.01);
        Assert.True(best < unclipped);
    }

    // Every zero point with every scale of a fine grid.
    [Theory, InlineData(ElementType.UInt4, 32), InlineData(ElementType.UInt2, 24), InlineData(ElementType.Int3, 16)]
    public void Find_Linear_IsNearTheBestOfEveryRange(ElementType type, int length)
    {
        CodeRange range = CodeRange.Of(type, symmetric: false);
        DeviceArithmetic device = DeviceArithmetic.Of(ElementType.Float32, DecodeArithmetic.ScaleType, type.BitWidth());
        double found = 0, best = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            float[] values = TestWeights.Normal(length, seed);
            values[0] = 0.3f; // one-sided
            BlockScale plain = Plain(values, range, device);
            double plainError = BlockErrors.OfDevice(values, [], plain, range, device), least = plainError;
            for (int zero = range.Min; zero <= range.Max; zero++)
            {
                for (float scale = plain.Scale * 1.1f; scale > plain.Scale / 5; scale *= 0.997f)
                {
                    least = Math.Min(least, BlockErrors.OfDevice(values, [], new(scale, zero), range, device));
                }
            }

            double error = BlockErrors.OfDevice(values, [], new ClipSearch(range, device).Find(values, [], plain), range, device);
            Assert.InRange(error, 0, plainError);
            found += error;
            best += least;
        }

        Assert.InRange(found, 0, best * 1.02);
    }

    // What the kernel sums, value by value.
    [Theory, InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(100)]
    public void OfDevice_AnyLength_IsTheSumOverDecodedValues(int length)
    {
        foreach ((ElementType type, int bits, DecodeArithmetic arithmetic) in new[]
            { (ElementType.Float16, 8, DecodeArithmetic.ScaleType), (ElementType.Float16, 14, DecodeArithmetic.ScaleType), (ElementType.Float16, 14, DecodeArithmetic.Float32), (ElementType.Float32, 16, DecodeArithmetic.ScaleType) })
        {
            CodeRange range = CodeRange.Of(ElementTypes.IntegerOf(false, bits), symmetric: false);
            DeviceArithmetic device = DeviceArithmetic.Of(type, arithmetic, bits);
            float[] values = TestWeights.Normal(length, length);
            float[] importances = [.. Enumerable.Range(0, length).Select(i => 0.5f * (i % 3))];
            BlockScale block = Plain(values, range, device);
            BlockSteps steps = new(block.Scale, block.Zero, range);
            double[] squares = [.. values.Select(value => Math.Pow((double)value - device.Value(steps.Code(value), block), 2))];

            Assert.Equal(squares.Sum(), BlockErrors.OfDevice(values, [], block, range, device), 1e-15);
            Assert.Equal(squares.Select((square, i) => square * importances[i]).Sum(), BlockErrors.OfDevice(values, importances, block, range, device), 1e-15);
        }
    }

    [Fact]
    public void Find_NothingCounts_IsThePlainFit()
    {
        CodeRange range = CodeRange.Of(ElementType.Int4, symmetric: true);
        DeviceArithmetic device = DeviceArithmetic.Of(ElementType.Float16, DecodeArithmetic.ScaleType, 4);
        float[] values = TestWeights.Normal(32, 1);
        BlockScale plain = Plain(values, range, device);

        Assert.Equal(plain, new ClipSearch(range, device).Find(values, new float[32], plain));
    }

    private static BlockScale Plain(float[] values, CodeRange range, DeviceArithmetic device)
    {
        BlockScale[] candidates = new BlockScale[BlockScale.MaxCandidates];
        BlockScale.Fit(values.Min(), values.Max(), range, device, candidates);
        return candidates[0];
    }
}
