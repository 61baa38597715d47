using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Pruning;

public class PruningCompressorTests
{
    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    // |w| sorted: 1 2 3 4 5 6 7 8; rank 0.5 * 7 = 3.5, percentile 4.5.
    [Theory, MemberData(nameof(Types))]
    public void Compress_HalfOfEightValues_KeepsTheFourLargest(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 4), [8, -1, 7, 2, -6, 3, -5, 4]);

        SparseWeight compressed = TestWeights.Compress<SparseWeight>(weight, "prune(target_sparsity=0.5)");

        Assert.Equal([0b0101_0101], compressed.Mask.Bytes.ToArray());
        Assert.Equal([8f, 7, -6, -5], compressed.Values.ToFloat32());
        Assert.Equal(type, compressed.Values.Type);
        Assert.Equal([8f, 0, 7, 0, -6, 0, -5, 0], Decompressor.ToFloat32(compressed));
    }

    // |w| sorted: 1 2 2 2 2 9; rank 0.2 * 5 = 1, percentile 2: all four ties go, two thirds more than asked for.
    [Theory, MemberData(nameof(Types))]
    public void Compress_TiesWithThePercentile_AllGo(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(1, 6), [2, -2, 9, 1, 2, -2]);

        Assert.Equal([0f, 0, 9, 0, 0, 0], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(target_sparsity=0.2)")));
    }

    [Fact]
    public void Compress_MoreZerosThanAskedFor_StoresNoZero()
    {
        SparseWeight compressed = TestWeights.Compress<SparseWeight>(TestWeights.Half(new Shape(1, 5), 0, 0, -0f, 0, 3), "prune(target_sparsity=0.1)");

        Assert.Equal([3f], compressed.Values.ToFloat32());
    }

    [Fact]
    public void Compress_AllOfOneMagnitude_IsRefused()
    {
        SchemeNotApplicableException error = Assert.Throws<SchemeNotApplicableException>(
            () => TestWeights.Compress(TestWeights.Half(new Shape(2, 2), 3, -3, 3, 3), "prune(target_sparsity=0.5)"));

        Assert.Equal("every magnitude ties with the percentile, nothing would be left", error.Reason);
    }

    [Theory, InlineData(0.01), InlineData(0.25), InlineData(0.5), InlineData(0.9), InlineData(0.999)]
    public void Compress_ManyDistinctMagnitudes_PrunesWhatASortSays(double sparsity)
    {
        float[] values = TestWeights.Normal(5000, 31);
        float[] sorted = [.. values.Select(Math.Abs).Order()];
        double rank = sparsity * (values.Length - 1);
        double threshold = sorted[(int)rank] + ((rank - (int)rank) * ((double)sorted[(int)rank + 1] - sorted[(int)rank]));

        float[] actual = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Single(new Shape(50, 100), values), FormattableString.Invariant($"prune(target_sparsity={sparsity})")));

        Assert.Equal(values.Select(value => Math.Abs(value) > (float)threshold ? value : 0), actual);
    }

    // A threshold of 3 is included; in float16 1000.3 is rounded to 1000.5, and magnitudes of 1000.5 go too.
    [Theory, MemberData(nameof(Types))]
    public void Compress_Threshold_IsInclusiveInTheWeightsType(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 3), [3, -3, 3.5f, -2, 1000.5f, 0]);

        Assert.Equal([0f, 0, 3.5f, 0, 1000.5f, 0], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(threshold=3, minimum_sparsity_percentile=0.5)")));
        Assert.Equal(
            type == ElementType.Float16 ? "no magnitude is above the threshold, nothing would be left" : null,
            Refusal(weight, "prune(threshold=1000.3, minimum_sparsity_percentile=0.5)"));
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_BelowMinimumSparsity_IsRefusedWithTheFigure(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(1, 8), [1, 2, 3, 4, 5, 6, 7, 0]);

        Assert.Equal("a sparsity of 0.25 is below minimum_sparsity_percentile 0.5", Refusal(weight, "prune(threshold=1)"));
        Assert.Equal(6, TestWeights.Compress<SparseWeight>(weight, "prune(threshold=1, minimum_sparsity_percentile=0.25)").Values.Shape[0]);
    }

    // Five ties with rank 3 of ten: three go, those of the lowest index; 0.29 of 100 is 29, although 0.29 * 100 is less in float64.
    [Theory, MemberData(nameof(Types))]
    public void Compress_ExactTies_PrunesFloorAndTheLowestIndexFirst(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 5), [2, 9, -2, 1, 2, 8, -2, 7, 2, 6]);

        Assert.Equal([0f, 9, 0, 0, 0, 8, -2, 7, 2, 6], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(target_sparsity=0.45, ties=exact)")));
        Assert.Equal(71, TestWeights.Compress<SparseWeight>(TestWeights.Of(type, new Shape(10, 10), [.. Enumerable.Repeat(1f, 100)]), "prune(target_sparsity=0.29, ties=exact)").Values.Shape[0]);
        Assert.Equal([9f], TestWeights.Compress<SparseWeight>(TestWeights.Of(type, new Shape(1, 4), [0, -0f, 9, 0]), "prune(target_sparsity=0.01, ties=exact)").Values.ToFloat32());
    }

    // The example in the reference's documentation of n_m_ratio.
    [Theory]
    [InlineData(1, new float[] { 0, 4, 7, 0, 0, 8, 0, -8, 0, -3, -4, 0, 5, 0, -3, 0 })]
    [InlineData(0, new float[] { 3, 0, 7, 0, 0, 8, 0, -8, 0, 0, -4, 0, 5, 4, 0, -2 })]
    public void Compress_OneOfTwo_GivesTheReferencesExample(int dim, float[] expected)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            Weight weight = TestWeights.Of(type, new Shape(4, 4), [3, 4, 7, 6, 1, 8, -3, -8, -2, -3, -4, 0, 5, 4, -3, -2]);
            Assert.Equal(expected, Decompressor.ToFloat32(TestWeights.Compress(weight, $"prune(n_m_ratio=1:2, dim={dim})")));
        }
    }

    // Seven channels in runs of three: the last run is one channel and two zeros, which are smallest, so of n = 2 none of it goes.
    [Theory]
    [InlineData("2:3", new float[] { 0, 0, 3, 0, 0, 6, 7 })]
    [InlineData("1:3", new float[] { 0, 2, 3, 0, 5, 6, 7 })]
    public void Compress_RunsThatDoNotFill_ArePaddedWithZeros(string ratio, float[] expected)
    {
        Weight weight = TestWeights.Half(new Shape(1, 7), 1, 2, 3, 4, 5, 6, 7);

        Assert.Equal(expected, Decompressor.ToFloat32(TestWeights.Compress(weight, $"prune(n_m_ratio={ratio})")));
    }

    // Runs above 32 channels are sorted, shorter ones compared pair by pair: both against a stable sort of each column.
    [Theory, InlineData(5, 32, 3), InlineData(20, 33, 3), InlineData(40, 41, 3), InlineData(3, 5, 1), InlineData(2, 4, 1), InlineData(2, 3, 16), InlineData(2, 4, 40), InlineData(7, 50, 1)]
    public void Compress_RunsOfAnyLengthAndPlace_LoseTheSmallestLowestIndexFirst(int n, int m, int columns)
    {
        Random random = new(m);
        float[] values = [.. Enumerable.Range(0, 100 * columns).Select(_ => random.Next(1, 9) * (random.Next(2) == 0 ? 1f : -1))];
        float[] expected = [.. values];
        for (int column = 0; column < columns; column++)
        {
            for (int start = 0; start < 100; start += m)
            {
                IEnumerable<int> run = Enumerable.Range(start, Math.Min(m, 100 - start)).OrderBy(channel => Math.Abs(values[(channel * columns) + column]));
                int zeros = Math.Max(0, start + m - 100);
                foreach (int channel in run.Take(Math.Max(0, n - zeros)))
                {
                    expected[(channel * columns) + column] = 0;
                }
            }
        }

        Assert.Equal(expected, Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Single(new Shape(100, columns), values), $"prune(n_m_ratio={n}:{m}, dim=0)")));
    }

    // Norms by hand: rows (3, 4) 5, (1, 0) 1, (6, 8) 10, (0, 2) 2. Percentile of half of four: 3.5.
    [Theory, MemberData(nameof(Types))]
    public void Compress_BlocksOfTwoInputs_GoByTheirNorm(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 4), [3, 4, 1, 0, -6, 8, 0, -2]);

        Assert.Equal([3f, 4, 0, 0, -6, 8, 0, 0], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(target_sparsity=0.5, block_size=2, dim=1)")));
    }

    // Squares of float16 numbers overflow float16 and those of float32 float32; ours are taken in float64. The reference's norms are infinite, and so is the percentile.
    [Fact]
    public void Compress_BlocksOfLargeNumbers_OverflowOnlyInTheReferencesArithmetic()
    {
        Weight half = TestWeights.Half(new Shape(1, 4), 600, 700, -500, 400), single = TestWeights.Single(new Shape(1, 4), 1e30f, 2e30f, 1e-30f, 2e-30f);

        Assert.Equal([600f, 700, 0, 0], Decompressor.ToFloat32(TestWeights.Compress(half, "prune(target_sparsity=0.5, block_size=2, dim=1)")));
        Assert.Equal([1e30f, 2e30f, 0, 0], Decompressor.ToFloat32(TestWeights.Compress(single, "prune(target_sparsity=0.5, block_size=2, dim=1)")));
        Assert.Equal("the norms of its blocks are infinite in float16", Refusal(half, "prune(target_sparsity=0.5, block_size=2, dim=1, compat=coremltools)"));
    }

    // Channels of norms 5, 1, 5, 13 (axis 0) and sqrt of 35, 185 (axis 1): of equal ones the lowest goes first.
    [Theory]
    [InlineData(0, 0.5, new float[] { 0, 0, 0, 0, 5, 0, 5, 12 })]
    [InlineData(0, 0.25, new float[] { 3, 4, 0, 0, 5, 0, 5, 12 })]
    [InlineData(1, 0.5, new float[] { 0, 4, 0, 0, 0, 0, 0, 12 })]
    public void Compress_WholeChannels_GoByTheirNorm(int outputAxis, double sparsity, float[] expected)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            Weight weight = TestWeights.Of(type, new Shape(4, 2), [3, 4, 1, 0, 5, 0, 5, 12], outputAxis, 1 - outputAxis);
            Assert.Equal(expected, Decompressor.ToFloat32(TestWeights.Compress(weight, FormattableString.Invariant($"prune(target_sparsity={sparsity}, granularity=per_channel)"))));
        }
    }

    [Theory]
    [InlineData("prune(target_sparsity=0.2, granularity=per_channel)", "0.2 of 4 output channels is less than one channel")]
    [InlineData("prune(target_sparsity=0.5, block_size=3)", "block size 3 is more than half of 4 output channels")]
    [InlineData("prune(target_sparsity=0.5, block_size=4, dim=1)", "block size 4 is more than half of 6 input channels")]
    [InlineData("prune(n_m_ratio=2:4)", "m = 4 is more than half of 6 input channels")]
    [InlineData("prune(n_m_ratio=1:3, dim=0)", "m = 3 is more than half of 4 output channels")]
    [InlineData("prune(n_m_ratio=1:3)", null)]
    [InlineData("prune(target_sparsity=0.5, block_size=2)", null)]
    public void Refuses_ChannelsThatDoNotSuffice_SaysTheRule(string scheme, string? reason) =>
        Assert.Equal(reason, Compressors.Refuses(TestWeights.Half(new Shape(4, 6), new float[24]), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_StructureOfATable_SaysWhatItIs()
    {
        Weight linear = TestWeights.Half(new Shape(8, 8), new float[64]);
        Weight table = new("t", linear.Stored, [new("y", "linear", "weight"), new("z", "gather", "x")], 0, 1);

        Assert.Equal("n:m patterns are for the weights of conv and linear, it is the x of gather", Compressors.Refuses(table, SchemeText.Parse("prune(n_m_ratio=2:4)")));
        Assert.Equal("blocks of channels are for the weights of conv and linear, it is the x of gather", Compressors.Refuses(table, SchemeText.Parse("prune(target_sparsity=0.5, block_size=2)")));
        Assert.Null(Compressors.Refuses(table, SchemeText.Parse("prune(target_sparsity=0.5)")));
        Assert.Null(Compressors.Refuses(linear, SchemeText.Parse("prune(n_m_ratio=2:4)")));
    }

    public static TheoryData<string> Schemes => [
        "prune(threshold=0.01, minimum_sparsity_percentile=0)", "prune(target_sparsity=0.5)", "prune(target_sparsity=0.5, ties=exact)", "prune(target_sparsity=0.5, block_size=2)",
        "prune(target_sparsity=0.5, block_size=2, compat=coremltools)", "prune(target_sparsity=0.5, granularity=per_channel)", "prune(n_m_ratio=1:2)"];

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_NotFinite_IsRefusedWithThePlace(string scheme)
    {
        foreach ((float value, string reason) in new[] { (float.NaN, "element 13 is NaN"), (float.NegativeInfinity, "element 13 is infinite") })
        {
            foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
            {
                float[] values = TestWeights.Normal(64, 3);
                values[13] = value;
                values[60] = float.NaN;
                Assert.Equal(reason, Refusal(TestWeights.Of(type, new Shape(8, 8), values), scheme));
            }
        }
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_AllZero_IsRefused(string scheme) =>
        Assert.EndsWith("nothing would be left", Refusal(TestWeights.Half(new Shape(8, 8), new float[64]), scheme), StringComparison.Ordinal);

    // Denormals of the type are numbers like others.
    [Theory, MemberData(nameof(Schemes))]
    public void Compress_Denormals_ArePrunedLikeOtherNumbers(string scheme)
    {
        foreach ((ElementType type, float unit) in new[] { (ElementType.Float16, MathF.Pow(2, -24)), (ElementType.Float32, float.Epsilon) })
        {
            // Rows and columns both differ in their norms; squares of these underflow in the weight's own type.
            float[] values = [.. Enumerable.Range(0, 64).Select(i => unit * ((i * 5 % 64) + 1 + (i / 8)))];
            Weight weight = TestWeights.Of(type, new Shape(8, 8), values);
            if (scheme.Contains("compat", StringComparison.Ordinal) || scheme.Contains("threshold", StringComparison.Ordinal))
            {
                Assert.EndsWith("nothing would be left", Refusal(weight, scheme), StringComparison.Ordinal);
                continue;
            }

            SparseWeight compressed = TestWeights.Compress<SparseWeight>(weight, scheme);
            Assert.InRange(compressed.Values.Shape[0], 28, 32);
            Assert.All(Decompressor.ToFloat32(compressed).Zip(values), pair => Assert.True(pair.First == 0 || pair.First == pair.Second));
        }
    }

    [Fact]
    public void Compress_OneElement_IsItsOwnPercentile()
    {
        Weight weight = TestWeights.Single(new Shape(1, 1), 5);

        Assert.Equal("every magnitude ties with the percentile, nothing would be left", Refusal(weight, "prune(target_sparsity=0.5)"));
        Assert.Equal([5f], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(target_sparsity=0.5, ties=exact)")));
        Assert.Equal([5f], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(threshold=4, minimum_sparsity_percentile=0)")));
    }

    private static string? Refusal(Weight weight, string scheme)
    {
        try
        {
            TestWeights.Compress(weight, scheme);
            return null;
        }
        catch (SchemeNotApplicableException error)
        {
            return error.Reason;
        }
    }
}
