using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Pruning;

public class PruningPropertyTests
{
    private const int Channels = 8;

    // Few different magnitudes, so that there are ties and zeros of both signs, or many.
    private static Gen<Weight> Weights =>
        from columns in Gen.Choose(4, 40)
        from steps in Gen.Elements(2, 5, 100_000)
        from numbers in Gen.ArrayOf(Gen.Choose(-steps, steps), Channels * columns)
        from signs in Gen.ArrayOf(Gen.Elements(1f, -1f), Channels * columns)
        from type in Gen.Elements(ElementType.Float16, ElementType.Float32)
        select TestWeights.Of(type, new Shape(Channels, columns), [.. numbers.Zip(signs, (number, sign) => number * sign / 1024)]);

    private static Gen<string> Schemes =>
        from percent in Gen.Choose(1, 99)
        from scheme in Gen.Elements(
            "target_sparsity={0}", "target_sparsity={0}, ties=exact", "target_sparsity={0}, block_size=2", "target_sparsity={0}, block_size=2, dim=1",
            "target_sparsity={0}, block_size=3, compat=coremltools", "threshold={0}, minimum_sparsity_percentile=0", "n_m_ratio=1:2", "n_m_ratio=3:4, dim=0",
            "target_sparsity=0.5, granularity=per_channel")
        select "prune(" + string.Format(System.Globalization.CultureInfo.InvariantCulture, scheme, percent / 100.0) + ")";

    [Fact]
    public void Compress_AnyWeight_KeepsBitsOfTheSourceAndAsManyAsTheRuleSays() => Check((weight, scheme, compressed) =>
    {
        float[] source = Decompressor.ToFloat32(weight.Stored), decoded = Decompressor.ToFloat32(compressed);
        int zeros = decoded.Count(value => value == 0), before = source.Count(value => value == 0), all = source.Length;
        Assert.All(source.Zip(decoded), pair => Assert.True(pair.Second == 0 ? !float.IsNegative(pair.Second) : BitConverter.SingleToInt32Bits(pair.First) == BitConverter.SingleToInt32Bits(pair.Second)));
        Assert.Equal(all - zeros, compressed.Values.Shape[0]); // no zero is stored

        // Nothing that stays is smaller than something that goes, and of elements as many go as asked for.
        if (scheme is ThresholdPruneScheme or MagnitudePruneScheme { BlockSize: 0, Channels: false })
        {
            float largestPruned = source.Zip(decoded).Where(pair => pair.Second == 0).Select(pair => Math.Abs(pair.First)).DefaultIfEmpty().Max();
            Assert.All(decoded, value => Assert.True(value == 0 || Math.Abs(value) >= largestPruned));
        }

        if (scheme is MagnitudePruneScheme { ExactTies: true, TargetSparsity: double exact })
        {
            Assert.Equal(Math.Max(before, (int)Math.Floor((decimal)exact * all)), zeros);
        }
        else if (scheme is MagnitudePruneScheme { Channels: false, TargetSparsity: double sparsity })
        {
            Assert.InRange(zeros, Math.Ceiling(sparsity * (all - 1)), all);
        }
        else if (scheme is PatternPruneScheme { N: int n, M: int m, Dim: int dim })
        {
            Assert.InRange(zeros, all / weight.Shape[dim] * (weight.Shape[dim] / m) * n, all);
        }
    });

    // What was pruned is pruned again to the same by rules that look at the remaining magnitudes only where as many are zero already.
    [Fact]
    public void Compress_WhatWasPruned_StaysAsItIs() => Check((weight, scheme, compressed) =>
    {
        if (scheme is ThresholdPruneScheme or PatternPruneScheme or MagnitudePruneScheme { ExactTies: true } or MagnitudePruneScheme { Channels: true })
        {
            Weight again = new("w", Decompressor.ToDense(compressed), weight.Uses, weight.OutputAxis, weight.InputAxis);
            SparseWeight twice = TestWeights.Compress<SparseWeight>(again, scheme.Canonical);

            Assert.Equal(compressed.Mask.Bytes.ToArray(), twice.Mask.Bytes.ToArray());
            Assert.Equal(compressed.Values.Bytes.ToArray(), twice.Values.Bytes.ToArray());
        }
    });

    // Long enough for several ranges. Instruction sets are held to each other where the kernels live.
    [Theory]
    [InlineData("prune(target_sparsity=0.7)"), InlineData("prune(target_sparsity=0.7, ties=exact)"), InlineData("prune(threshold=0.05)"), InlineData("prune(n_m_ratio=2:4)")]
    [InlineData("prune(target_sparsity=0.5, block_size=4)"), InlineData("prune(target_sparsity=0.25, granularity=per_channel)")]
    [InlineData("prune(target_sparsity=0.7)+quantize(dtype=int4, granularity=per_block, block_size=16)"), InlineData("prune(target_sparsity=0.7)+palettize(nbits=2, granularity=per_grouped_channel, group_size=64)")]
    [InlineData("float16")]
    public void Compress_AnyNumberOfThreads_GivesTheSameBytes(string scheme)
    {
        float[] values = TestWeights.Normal(520 * 512, 5);
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 }.Where(type => type == ElementType.Float32 || scheme != "float16"))
        {
            Weight weight = TestWeights.Of(type, new Shape(scheme.Contains("64", StringComparison.Ordinal) ? [512, 520] : [520, 512]), values);
            CompressedWeight one = Compress(weight, scheme, 1);
            foreach (int threads in new[] { 2, 3, 7 })
            {
                Assert.Equal(one.Parts.Select(part => Convert.ToHexString(part.Value.Bytes.Span)), Compress(weight, scheme, threads).Parts.Select(part => Convert.ToHexString(part.Value.Bytes.Span)));
            }
        }
    }

    private static CompressedWeight Compress(Weight weight, string scheme, int threads) =>
        Compressors.Compress(new PreparedWeight(weight), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType, threads), CancellationToken.None);

    private static void Check(Action<Weight, Scheme, SparseWeight> property) =>
        Prop.ForAll((from weight in Weights from scheme in Schemes select (weight, scheme)).ToArbitrary(), input =>
        {
            SparseWeight compressed;
            try
            {
                compressed = TestWeights.Compress<SparseWeight>(input.weight, input.scheme);
            }
            catch (SchemeNotApplicableException error)
            {
                Assert.Contains("nothing would be left", error.Reason, StringComparison.Ordinal);
                return;
            }

            property(input.weight, SchemeText.Parse(input.scheme), compressed);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261120, 17));
}
