using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

// What was compressed and decoded is compressed to the same values again. Uniform, unique and custom palettes have theirs beside their other tests.
// Not so, as their documentation says: linear codes with a zero point, searched clipping ranges, scales among float16's denormals, tables of 8 bits, scales of channels, and joint forms by a threshold.
public class IdempotenceTests
{
    public static TheoryData<string> Schemes =>
    [
        "palettize(nbits=1)", "palettize(nbits=3)", "palettize(nbits=2, cluster_dim=2)", "palettize(nbits=2, granularity=per_grouped_channel, group_size=2)", "palettize(nbits=2, distinct=binned)",
        "quantize(dtype=int2)", "quantize(dtype=int4)", "quantize(dtype=uint4, granularity=per_tensor)", "quantize(dtype=int8)", "quantize(dtype=uint8, granularity=per_block, block_size=3)",
        "quantize(dtype=int6, granularity=per_block, block_size=2x3)", "quantize(dtype=int8, compat=coremltools)",
        "prune(target_sparsity=0.5)+palettize(nbits=1)", "prune(target_sparsity=0.5, ties=exact)+palettize(nbits=2)", "prune(n_m_ratio=1:2)+palettize(nbits=2)", "prune(target_sparsity=0.3)+palettize(mode=uniform, nbits=2)",
        "prune(target_sparsity=0.5)+palettize(mode=custom, lut=-1|0.3|2|7)", "prune(target_sparsity=0.5)+quantize(dtype=int8)", "prune(target_sparsity=0.7, ties=exact)+quantize(dtype=int4)",
        "prune(n_m_ratio=1:2)+quantize(dtype=int8, granularity=per_block, block_size=3)",
    ];

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_WhatWasCompressed_ChangesNothing(string scheme)
    {
        foreach ((ElementType type, DecodeArithmetic arithmetic) in new[] { (ElementType.Float16, DecodeArithmetic.ScaleType), (ElementType.Float16, DecodeArithmetic.Float32), (ElementType.Float32, DecodeArithmetic.ScaleType) })
        {
            Gen<float[]> inputs = Gen.ArrayOf(Gen.Choose(-300_000, 300_000).Select(i => i / 102_400f), 24);
            Prop.ForAll(inputs.ToArbitrary(), values =>
            {
                float[] once = Decoded(type, values, scheme, arithmetic);

                Assert.Equal(once, Decoded(type, once, scheme, arithmetic));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20261120, 41));
        }
    }

    [Fact]
    public void Compress_Float16Scheme_ChangesNothingTheSecondTime()
    {
        Gen<float[]> inputs = Gen.ArrayOf(Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle).Where(value => Math.Abs(value) < 65520), 24);
        Prop.ForAll(inputs.ToArbitrary(), values =>
        {
            float[] once = Decoded(ElementType.Float32, values, "float16", DecodeArithmetic.ScaleType);

            Assert.Equal(once, Decoded(ElementType.Float32, once, "float16", DecodeArithmetic.ScaleType));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 43));
    }

    private static float[] Decoded(ElementType type, float[] values, string scheme, DecodeArithmetic arithmetic) =>
        Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Of(type, new Shape(4, 6), values), scheme, arithmetic));
}
