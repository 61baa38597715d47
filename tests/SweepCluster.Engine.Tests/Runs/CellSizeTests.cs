using System.Collections.Immutable;
using SweepCluster.Engine.Runs;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Engine.Tests.Runs;

public class CellSizeTests
{
    // 64 output and 32 input channels of 3 x 3: 18,432 elements of float16.
    private static readonly Weight s_weight = new(
        "w", new DenseWeight(ElementType.Float16, new TensorData(ElementType.Float16, new Shape(64, 32, 3, 3), new byte[2 * 18_432])), ImmutableArray<WeightUse>.Empty, 0, 1);

    [Theory]
    [InlineData("palettize(nbits=4)", 9216 + 32)]
    [InlineData("palettize(nbits=3, granularity=per_grouped_channel, group_size=16)", 6912 + (4 * 16))]
    [InlineData("palettize(nbits=4, cluster_dim=2)", 4608 + 64)]
    [InlineData("palettize(nbits=4, enable_per_channel_scale=true)", 9216 + 32 + 128)]
    [InlineData("palettize(nbits=8, lut_dtype=int8)", 18_432 + 256 + 2 + 1)]
    [InlineData("palettize(mode=unique)", 18_432 + 512)]
    [InlineData("palettize(mode=custom, lut=nf4)", 9216 + 32)]
    [InlineData("palettize(mode=custom, lut=-1|0|1)", 4608 + 8)]
    [InlineData("palettize(mode=custom, lut=-2|-1|0|1|2)", 9216 + 32)] // 3 bits from iOS 18 on, 4 before
    [InlineData("quantize(dtype=int8)", 18_432 + 128)]
    [InlineData("quantize(dtype=int4, mode=linear, granularity=per_tensor)", 9216 + 2 + 1)]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size=8)", 9216 + (64 * 4 * 2))]
    [InlineData("quantize(dtype=int8, granularity=per_block, block_size=1x8x0x1)", 18_432 + (64 * 4 * 3 * 2))]
    [InlineData("prune(target_sparsity=0.75)", 2304 + (2 * 4608))]
    [InlineData("prune(n_m_ratio=1:4)", 2304 + (2 * 13_824))]
    [InlineData("prune(threshold=0.1, minimum_sparsity_percentile=0)", 2304 + 36_864)]
    [InlineData("prune(target_sparsity=0.5)+palettize(nbits=4)", 2304 + 4608 + 32)]
    [InlineData("prune(target_sparsity=0.5)+quantize(dtype=int4)", 2304 + 4608 + 128)]
    [InlineData("mindspore(bit_num=8)", 18_432 + 256)]
    [InlineData("float16", 36_864)]
    [InlineData("none", 36_864)]
    public void Of_EveryScheme_CountsCodesTablesScalesAndMask(string scheme, long bytes) => Assert.Equal(bytes, CellSize.Of(s_weight, SchemeText.Parse(scheme)));

    // 3 output and 7 input channels: neither the share nor m divides them.
    [Theory]
    [InlineData("prune(target_sparsity=0.5, granularity=per_channel)", 3 + (2 * 14))] // floor(1.5) channels go
    [InlineData("prune(n_m_ratio=2:3)", 3 + (2 * 3 * 3))] // of 7: 2 of 3, 2 of 3, and the last run of one is filled up with two zeros
    public void Of_WhatDoesNotDivide_IsTheMostThatItCanBe(string scheme, long bytes) => Assert.Equal(bytes, CellSize.Of(
        new Weight("w", new DenseWeight(ElementType.Float16, new TensorData(ElementType.Float16, new Shape(3, 7), new byte[42])), ImmutableArray<WeightUse>.Empty, 0, 1), SchemeText.Parse(scheme)));
}
