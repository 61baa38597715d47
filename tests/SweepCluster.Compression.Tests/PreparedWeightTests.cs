using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class PreparedWeightTests
{
    [Theory, InlineData(ElementType.Float16), InlineData(ElementType.Float32)]
    public void DistinctCount_WithAndWithoutImportances_CountsZerosOnceAndWeightlessValuesToo(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 3), [0, -0f, 1, 1, 2, -1]);

        Assert.Equal(4, new PreparedWeight(weight).DistinctCount);
        Assert.Equal(4, new PreparedWeight(weight, new float[] { 0, 0, 0, 0, 1, 0 }).DistinctCount);
    }

    [Fact]
    public void Values_DenseSingles_AreTheStoredBytes()
    {
        Weight weight = TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4);
        PreparedWeight prepared = new(weight);

        Assert.Equal([1, 2, 3, 4], prepared.Values.ToArray());
        Assert.True(MemoryMarshal.AsBytes(prepared.Values.Span).Overlaps(((DenseWeight)weight.Stored).Values.Bytes.Span));
    }

    [Fact]
    public void Values_HalvesAndCompressed_AreDecoded()
    {
        Assert.Equal([1, 0.5f], new PreparedWeight(TestWeights.Half(new Shape(1, 2), 1, 0.5f)).Values.ToArray());
        CompressedWeight stored = TestWeights.Compress(TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4), "palettize(nbits=2)");
        Assert.Equal([1, 2, 3, 4], new PreparedWeight(new Weight("w", stored, [], 0, 1)).Values.ToArray());
    }

    // Lengths around the vectors of the finite check, the fault in each place.
    [Theory, InlineData(1), InlineData(31), InlineData(32), InlineData(33), InlineData(70)]
    public void NonFinite_AnyPlace_IsFound(int count)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            float[] values = TestWeights.Normal(count, 1);
            Assert.Null(new PreparedWeight(TestWeights.Of(type, new Shape(1, count), values)).NonFinite);
            for (int place = 0; place < count; place++)
            {
                foreach ((float fault, string reason) in new[] { (float.NaN, "NaN"), (float.NegativeInfinity, "infinite") })
                {
                    float[] faulty = [.. values];
                    faulty[place] = fault;
                    Assert.Equal($"element {place} is {reason}", new PreparedWeight(TestWeights.Of(type, new Shape(1, count), faulty)).NonFinite);
                }
            }
        }
    }

    [Fact]
    public void Groups_AskedTwice_AreFoundOnce()
    {
        PreparedWeight weight = new(TestWeights.Single(new Shape(4, 8), TestWeights.Normal(32, 2)), TestWeights.Normal(32, 3).Select(Math.Abs).ToArray());

        Assert.Same(weight.Groups(2)[1], weight.Groups(2)[1]);
        Assert.NotSame(weight.Groups(2)[1], weight.Groups(2, isBinned: true)[1]);
        Assert.Same(weight.Groups(0)[0], weight.Groups(0)[0]);
        Assert.False(weight.Groups(2)[1].Weights.IsEmpty);
    }
}
