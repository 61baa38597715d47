using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Graphs.Tests.Schemes;

public class SchemeTextTests
{
    private static readonly string[] s_grids =
    [
        "palettize(mode={kmeans|uniform}, nbits={1|2|3|4|6|8}, granularity={per_tensor|per_grouped_channel}, enable_per_channel_scale={true|false}, lut_dtype={none|int8|uint8})",
        "palettize(mode=kmeans, nbits={2|4}, granularity=per_grouped_channel, group_size={1|16}, cluster_dim={1|2|3|64}, enable_per_channel_scale={true|false})",
        "palettize(mode=kmeans, nbits=8, distinct={exact|binned}, granularity={per_tensor|per_grouped_channel})",
        "palettize(mode=unique, granularity={per_tensor|per_grouped_channel}, compat={none|coremltools})",
        "palettize(mode=uniform, nbits={4|8}, compat={none|coremltools})",
        "palettize(mode=custom, lut={nf4|fp4|0 ? 1|-0 ? 1|-1.5 ? 0 ? 2e-3|-1 ? 0 ? 1|-2 ? 0 ? 2|1 ? 0 ? -1|-1 ? 0 ? 1.5})",
        "palettize(mode=custom, lut={powers_of_two|quantiles}, nbits={2|6}, granularity={per_tensor|per_grouped_channel})",
        "quantize(mode=linear, dtype={int1|uint1|int2|uint3|int4|uint5|int6|uint7|int8|uint9|int10|uint11|int12|uint13|int14|uint15|int16|uint16}, granularity={per_tensor|per_channel|per_block})",
        "quantize(mode=linear_symmetric, dtype={int2|uint8|int16}, granularity=per_block, block_size={1|32|1x32x0x0|0x4}, clip={none|mse})",
        "quantize(mode={linear_symmetric|linear}, dtype={int8|uint4}, compat={none|coremltools})",
        "prune(target_sparsity={0.1|0.07|0.1234|0.12341|0.123412|0.5|1E-05|1E-06|0.99999}, ties={all|exact})",
        "prune(target_sparsity=0.5, granularity=per_channel)",
        "prune(target_sparsity=0.25, block_size={2|8}, dim={0|1}, compat={none|coremltools})",
        "prune(threshold={0|-0|1e-3|1.00001e-3|1.000012e-3|1E-12}, minimum_sparsity_percentile={0|0.5|1})",
        "prune(n_m_ratio={1:2|2:4|3:4}, dim={0|1})",
        "mindspore(bit_num={1|8|16}, quant_weight_size={0|500}, quant_weight_channel={0|16}, accuracy_threshold={0.1|2})",
        "mindspore(bit_num={0|4}, quant_weight_channel={0|16|17})",
        "mindspore(bit_num=0, init_scale={0.02|0.5})",
        "prune(target_sparsity={0.5|0.75})+palettize(nbits={2|4}, lut_dtype={none|int8})",
        "prune(n_m_ratio=2:4)+quantize(dtype={int4|int8}, granularity={per_channel|per_block})",
        "prune(threshold=1e+3) + palettize(mode=custom, lut=1e+2 ? -1)",
    ];

    public static TheoryData<string> Grid => [.. s_grids.SelectMany(Expand)];

    [Theory]
    [InlineData("palettize", "palettize(mode=kmeans, nbits=4, granularity=per_tensor)", "pal4", "palettize")]
    [InlineData("palettize(granularity=per_grouped_channel, nbits=6)", "palettize(mode=kmeans, nbits=6, granularity=per_grouped_channel, group_size=32)", "pal6/g32", "palettize")]
    [InlineData(" palettize( nbits = 3 ,group_size=8,granularity=per_grouped_channel ) ", "palettize(mode=kmeans, nbits=3, granularity=per_grouped_channel, group_size=8)", "pal3/g8", "palettize")]
    [InlineData("palettize(mode=uniform)", "palettize(mode=uniform, nbits=4, granularity=per_tensor)", "uni4", "palettize")]
    [InlineData("palettize(mode=unique)", "palettize(mode=unique, granularity=per_tensor)", "unique", "palettize")]
    [InlineData("palettize(mode=unique, compat=coremltools)", "palettize(mode=unique, granularity=per_tensor)", "unique", "palettize")]
    [InlineData("palettize(cluster_dim=2, nbits=6)", "palettize(mode=kmeans, nbits=6, granularity=per_tensor, cluster_dim=2)", "pal6/v2", "palettize")]
    [InlineData("palettize(enable_per_channel_scale=true)", "palettize(mode=kmeans, nbits=4, granularity=per_tensor, enable_per_channel_scale=true)", "pal4/cs", "palettize")]
    [InlineData("palettize(lut_dtype=uint8)", "palettize(mode=kmeans, nbits=4, granularity=per_tensor, lut_dtype=uint8)", "pal4/u8t", "palettize")]
    [InlineData("palettize(distinct=binned)", "palettize(mode=kmeans, nbits=4, granularity=per_tensor, distinct=binned)", "pal4/bin", "palettize")]
    [InlineData("palettize(mode=uniform, compat=coremltools)", "palettize(mode=uniform, nbits=4, granularity=per_tensor, compat=coremltools)", "uni4'", "palettize")]
    [InlineData("palettize(mode=custom, lut=nf4)", "palettize(mode=custom, granularity=per_tensor, lut=nf4)", "lut4:nf4", "palettize")]
    [InlineData("palettize(mode=custom, lut=quantiles, nbits=2)", "palettize(mode=custom, nbits=2, granularity=per_tensor, lut=quantiles)", "lut2:quantiles", "palettize")]
    [InlineData("palettize(mode=custom, lut=-1.0 | +0.50|1e0)", "palettize(mode=custom, granularity=per_tensor, lut=-1|0.5|1)", "lut:3#1f59", "palettize")]
    [InlineData("palettize(mode=custom, lut=-0|1)", "palettize(mode=custom, granularity=per_tensor, lut=0|1)", "lut:2#fff1", "palettize")]
    [InlineData("quantize", "quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel)", "i8s/c", "quantize")]
    [InlineData("quantize(mode=linear, dtype=uint4, granularity=per_tensor)", "quantize(mode=linear, dtype=uint4, granularity=per_tensor)", "u4a/t", "quantize")]
    [InlineData("quantize(dtype=int4, granularity=per_block)", "quantize(mode=linear_symmetric, dtype=int4, granularity=per_block, block_size=32)", "i4s/b32", "quantize")]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size= 1 x 32 x 0)", "quantize(mode=linear_symmetric, dtype=int4, granularity=per_block, block_size=1x32x0)", "i4s/b1x32x0", "quantize")]
    [InlineData("quantize(clip=mse, dtype=int12)", "quantize(mode=linear_symmetric, dtype=int12, granularity=per_channel, clip=mse)", "i12s/c/mse", "quantize")]
    [InlineData("quantize(compat=coremltools)", "quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel, compat=coremltools)", "i8s/c'", "quantize")]
    [InlineData("prune(target_sparsity=0.75)", "prune(target_sparsity=0.75)", "prune75", "prune")]
    [InlineData("prune", "prune(target_sparsity=0.5)", "prune50", "prune")]
    [InlineData("prune(ties=exact)", "prune(target_sparsity=0.5, ties=exact)", "prune50/x", "prune")]
    [InlineData("prune(granularity=per_channel)", "prune(target_sparsity=0.5, granularity=per_channel)", "prune50/ch", "prune")]
    [InlineData("prune(block_size=4)", "prune(target_sparsity=0.5, block_size=4, dim=0)", "prune50/b4d0", "prune")]
    [InlineData("prune(block_size=4, dim=1, compat=coremltools)", "prune(target_sparsity=0.5, block_size=4, dim=1, compat=coremltools)", "prune50/b4d1'", "prune")]
    [InlineData("prune(compat=coremltools)", "prune(target_sparsity=0.5)", "prune50", "prune")]
    [InlineData("prune(n_m_ratio=2:4)", "prune(n_m_ratio=2:4, dim=1)", "prune2:4", "prune")]
    [InlineData("prune(n_m_ratio= 1 : 2, dim=0)", "prune(n_m_ratio=1:2, dim=0)", "prune1:2/d0", "prune")]
    [InlineData("prune(threshold=0.05)", "prune(threshold=0.05, minimum_sparsity_percentile=0.5)", "prune<=0.05", "prune")]
    [InlineData("prune(threshold=-0, minimum_sparsity_percentile=-0)", "prune(threshold=0, minimum_sparsity_percentile=0)", "prune<=0/min0", "prune")]
    [InlineData("prune(target_sparsity=0.07)", "prune(target_sparsity=0.07)", "prune7", "prune")]
    [InlineData("prune(target_sparsity=0.123456)", "prune(target_sparsity=0.123456)", "prune:0.123456", "prune")]
    [InlineData("mindspore", "mindspore(bit_num=8, quant_weight_size=0, quant_weight_channel=16)", "ms8", "mindspore")]
    [InlineData("mindspore(bit_num=0, accuracy_threshold=0.5)", "mindspore(bit_num=0, quant_weight_size=0, quant_weight_channel=16, accuracy_threshold=0.5, init_scale=0.02)", "ms/mixed/err0.5", "mindspore")]
    [InlineData("mindspore(quant_weight_size=500, quant_weight_channel=0, bit_num=4)", "mindspore(bit_num=4, quant_weight_size=500, quant_weight_channel=0)", "ms4/size500/ch0", "mindspore")]
    [InlineData(" prune + palettize ", "prune(target_sparsity=0.5)+palettize(mode=kmeans, nbits=4, granularity=per_tensor)", "prune50+pal4", "prune+palettize")]
    [InlineData("prune(n_m_ratio=2:4)+quantize(dtype=int4)", "prune(n_m_ratio=2:4, dim=1)+quantize(mode=linear_symmetric, dtype=int4, granularity=per_channel)", "prune2:4+i4s/c", "prune+quantize")]
    [InlineData("float16", "float16", "f16", "float16")]
    [InlineData("none()", "none", "none", "none")]
    public void Parse_Text_GivesCanonicalTextThatReadsBack(string text, string canonical, string label, string family)
    {
        Scheme scheme = SchemeText.Parse(text);

        Assert.Equal((canonical, label, family, canonical), (scheme.Canonical, scheme.Label, scheme.Family, scheme.ToString()));
        Assert.Equal(scheme, SchemeText.Parse(canonical));
    }

    [Theory, MemberData(nameof(Grid))]
    public void Parse_CanonicalText_GivesTheSameSchemeAndText(string text)
    {
        Scheme scheme = SchemeText.Parse(text);
        Scheme again = SchemeText.Parse(scheme.Canonical);

        Assert.Equal(scheme, again);
        Assert.Equal((scheme.Canonical, scheme.Label, scheme.GetHashCode()), (again.Canonical, again.Label, again.GetHashCode()));
    }

    // Plans, cells and tables know a scheme by its text, tables and plots by its label: neither may stand for two.
    [Fact]
    public void CanonicalAndLabel_SchemesOfTheGrid_AreEqualWhereAndOnlyWhereTheSchemesAre()
    {
        Scheme[] schemes = [.. s_grids.SelectMany(Expand).Select(SchemeText.Parse).Distinct()];

        Assert.True(schemes.Length > 200);
        Assert.Equal(schemes.Length, schemes.Select(scheme => scheme.Canonical).Distinct().Count());
        Assert.Empty(schemes.GroupBy(scheme => scheme.Label).Where(same => same.Count() > 1).Select(same => string.Join(" and ", same)));
    }

    [Fact]
    public void Threshold_MinusZero_IsZero()
    {
        ThresholdPruneScheme scheme = new ThresholdPruneScheme(-0.0, -0.0) with { Threshold = -0.0 };

        Assert.Equal((0L, 0L), (BitConverter.DoubleToInt64Bits(scheme.Threshold), BitConverter.DoubleToInt64Bits(scheme.MinimumSparsity)));
        Assert.Equal(SchemeText.Parse("prune(threshold=0, minimum_sparsity_percentile=0)").Canonical, scheme.Canonical);
    }

    // What code can make and no text can say.
    public static TheoryData<Scheme, string> Faults => new()
    {
        { new QuantizeScheme(ElementType.Int8, true, QuantizeGranularity.PerBlock, 0), "block_size: found '0', expected 1 or more" },
        { new QuantizeScheme(ElementType.Int8, true, QuantizeGranularity.PerChannel, 32), "block_size: has no meaning without granularity=per_block" },
        { new QuantizeScheme(ElementType.Float32, true, QuantizeGranularity.PerChannel, 0), "dtype: found 'float32', expected int or uint with 1 to 16 bits, as int8 or uint4" },
        { new MagnitudePruneScheme(1.5) { ExactTies = true }, "target_sparsity: found '1.5', expected a number above 0 and below 1" },
        { new MagnitudePruneScheme(double.NaN), "target_sparsity: found 'NaN', expected a number above 0 and below 1" },
        { new MagnitudePruneScheme(0.5) { BlockSize = -2 }, "block_size: found '-2', expected 2 or more; dim: has no meaning without n_m_ratio or block_size" },
        { new MagnitudePruneScheme(0.5) { Dim = 1 }, "dim: has no meaning without n_m_ratio or block_size" },
        { new MagnitudePruneScheme(0.5) { Profile = SchemeProfile.CoreMlTools }, "expected prune(target_sparsity=0.5), which is the same" },
        { new ThresholdPruneScheme(double.NaN, 2), "threshold: found 'NaN', expected a number of 0 or more; minimum_sparsity_percentile: found '2', expected a number from 0 to 1" },
        { new PatternPruneScheme(0, 0, 0), "n_m_ratio: found '0:0', expected n:m with n from 1 to m - 1, as 2:4" },
        { new PalettizeScheme(4, -1), "group_size: found '-1', expected 1 or more" },
        { new PalettizeScheme(4, 0) { VectorLength = 0 }, "cluster_dim: found '0', expected 1 to 64" },
        { new PalettizeScheme(0, 0) { Mode = PaletteMode.Custom, Table = new("-0|1") }, "expected palettize(mode=custom, granularity=per_tensor, lut=0|1), which is the same" },
        { new PalettizeScheme(0, 0) { Mode = PaletteMode.Custom, Table = new("x") }, "lut: found 'x', expected 2 to 256 numbers joined by |, or a rule (nf4, fp4, powers_of_two, quantiles)" },
        { new MindSporeScheme(32, 0, 16), "bit_num: found '32', expected 0 (mixed bits) or 1 to 16" },
        { new MindSporeScheme(8, 0, 16) { InitialScale = 3 }, "init_scale: has no meaning without bit_num=0" },
        { new MindSporeScheme(8, 0, 16) { AccuracyThreshold = double.NaN }, "accuracy_threshold: found 'NaN', expected a number above 0" },
        { new JointScheme(new MagnitudePruneScheme(0.5), new Float16Scheme()), "found prune and float16, expected prune first, then palettize or quantize" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void FaultOf_WhatNoTextCanSay_NamesTheRule(Scheme scheme, string fault) => Assert.Equal(fault, SchemeText.FaultOf(scheme));

    [Theory, MemberData(nameof(Grid))]
    public void FaultOf_WhatATextSaid_IsNull(string text) => Assert.Null(SchemeText.FaultOf(SchemeText.Parse(text)));

    [Theory]
    [InlineData("squash(nbits=4)", "scheme 'squash': no such family, expected palettize, quantize, prune, mindspore, float16 or none.")]
    [InlineData("palettize(nbits=4", "scheme 'palettize(nbits=4': found no closing parenthesis, expected family(key=value, ...).")]
    [InlineData("palettize(nbits)", "scheme 'palettize(nbits)': found 'nbits', expected key=value.")]
    [InlineData("palettize(nbits=5)", "scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8.")]
    [InlineData("palettize(group_size=16)", "scheme 'palettize': group_size: has no meaning without granularity=per_grouped_channel.")]
    [InlineData("palettize(nbits=4, nbits=2)", "scheme 'palettize': key 'nbits' stands twice.")]
    [InlineData("palettize(mode=lloyd, nbits=x)", "scheme 'palettize': mode: found 'lloyd', expected kmeans or uniform or unique or custom; nbits: found 'x', expected 1, 2, 3, 4, 6 or 8.")]
    [InlineData("palettize(mode=unique, nbits=4)", "scheme 'palettize': nbits: has no meaning without mode=kmeans, mode=uniform or a rule of any width.")]
    [InlineData("palettize(mode=custom, lut=nf4, nbits=4)", "scheme 'palettize': nbits: has no meaning without mode=kmeans, mode=uniform or a rule of any width.")]
    [InlineData("palettize(mode=custom)", "scheme 'palettize': mode=custom: found no 'lut', expected numbers joined by | or a rule (nf4, fp4, powers_of_two, quantiles).")]
    [InlineData("palettize(mode=custom, lut=nf5)", "scheme 'palettize': lut: found 'nf5', expected 2 to 256 numbers joined by |, or a rule (nf4, fp4, powers_of_two, quantiles).")]
    [InlineData("palettize(mode=custom, lut=1)", "scheme 'palettize': lut: found '1', expected 2 to 256 numbers joined by |, or a rule (nf4, fp4, powers_of_two, quantiles).")]
    [InlineData("palettize(mode=custom, lut=1|NaN)", "scheme 'palettize': lut: found '1|NaN', expected 2 to 256 numbers joined by |, or a rule (nf4, fp4, powers_of_two, quantiles).")]
    [InlineData("palettize(lut=nf4)", "scheme 'palettize': lut: has no meaning without mode=custom.")]
    [InlineData("palettize(mode=uniform, cluster_dim=2)", "scheme 'palettize': cluster_dim: has no meaning without mode=kmeans.")]
    [InlineData("palettize(cluster_dim=65)", "scheme 'palettize': cluster_dim: found '65', expected 1 to 64.")]
    [InlineData("palettize(enable_per_channel_scale=True)", "scheme 'palettize': enable_per_channel_scale: found 'True', expected true or false; did you mean 'true'?")]
    [InlineData("palettize(lut_dtype=int4)", "scheme 'palettize': lut_dtype: found 'int4', expected none or int8 or uint8.")]
    [InlineData("palettize(distinct=binned, cluster_dim=2)", "scheme 'palettize': distinct=binned: has no meaning without mode=kmeans and single values.")]
    [InlineData("palettize(mode=uniform, distinct=binned)", "scheme 'palettize': distinct=binned: has no meaning without mode=kmeans and single values.")]
    [InlineData("palettize(compat=coremltools)", "scheme 'palettize': compat=coremltools: has no meaning without mode=uniform or mode=unique: our k-means is exact.")]
    [InlineData("palettize(mode=uniform, compat=coremltools, enable_per_channel_scale=true)", "scheme 'palettize': compat=coremltools: expected no enable_per_channel_scale: the reference scales input channels.")]
    [InlineData("palettize(mode=unique, lut_dtype=int8)", "scheme 'palettize': mode=unique: expected no lut_dtype: it would round the values, which unique stores themselves.")]
    [InlineData("palettize(mode=unique, enable_per_channel_scale=true)", "scheme 'palettize': mode=unique: expected no enable_per_channel_scale: it would round the values, which unique stores themselves.")]
    [InlineData("palettize(distinct=binned, lut_dtype=int8)", "scheme 'palettize': distinct=binned: expected no lut_dtype: values in bins make no 8-bit tables.")]
    [InlineData("palettize(distinct=binned, enable_per_channel_scale=true)", "scheme 'palettize': distinct=binned: expected no enable_per_channel_scale: values in bins have no scale for each channel.")]
    [InlineData("palettize(mode=uniform, compat=coremltools, lut_dtype=uint8)", "scheme 'palettize': compat=coremltools: expected no lut_dtype: the reference's arithmetic makes no 8-bit tables.")]
    [InlineData("palettize(compat=torch)", "scheme 'palettize': compat: found 'torch', expected none or coremltools.")]
    [InlineData("quantize(block_size=0, granularity=per_block)", "scheme 'quantize': block_size: found '0', expected 1 or more.")]
    [InlineData("quantize(block_size=1xx2, granularity=per_block)", "scheme 'quantize': block_size: found '1xx2', expected 1 or more, or a number for each axis as 1x32x0x0 (0 for the whole axis).")]
    [InlineData("quantize(block_size=-1, granularity=per_block)", "scheme 'quantize': block_size: found '-1', expected 1 or more, or a number for each axis as 1x32x0x0 (0 for the whole axis).")]
    [InlineData("quantize(block_size=8)", "scheme 'quantize': block_size: has no meaning without granularity=per_block.")]
    [InlineData("quantize(dtype=int17)", "scheme 'quantize': dtype: found 'int17', expected int or uint with 1 to 16 bits, as int8 or uint4.")]
    [InlineData("quantize(dtype=float16)", "scheme 'quantize': dtype: found 'float16', expected int or uint with 1 to 16 bits, as int8 or uint4.")]
    [InlineData("quantize(dtype=int1)", "scheme 'quantize': dtype=int1: found 1 bit for mode=linear_symmetric, expected 2 or more: one code would be left.")]
    [InlineData("quantize(clip=mse, compat=coremltools)", "scheme 'quantize': clip=mse: has no meaning with compat=coremltools.")]
    [InlineData("quantize(clip=kl)", "scheme 'quantize': clip: found 'kl', expected none or mse.")]
    [InlineData("quantize(nbits=8)", "scheme 'quantize': unknown key 'nbits', expected one of mode, dtype, granularity, block_size, clip, compat.")]
    [InlineData("prune(target_sparsity=1)", "scheme 'prune': target_sparsity: found '1', expected a number above 0 and below 1.")]
    [InlineData("prune(target_sparsity=NaN)", "scheme 'prune': target_sparsity: found 'NaN', expected a number above 0 and below 1.")]
    [InlineData("prune(target_sparsity=0.5, threshold=1)", "scheme 'prune': found several of target_sparsity, threshold and n_m_ratio, expected one.")]
    [InlineData("prune(n_m_ratio=2:4, threshold=1)", "scheme 'prune': found several of target_sparsity, threshold and n_m_ratio, expected one.")]
    [InlineData("prune(n_m_ratio=5:4)", "scheme 'prune': n_m_ratio: found '5:4', expected n:m with n from 1 to m - 1, as 2:4.")]
    [InlineData("prune(n_m_ratio=0:4)", "scheme 'prune': n_m_ratio: found '0:4', expected n:m with n from 1 to m - 1, as 2:4.")]
    [InlineData("prune(n_m_ratio=2)", "scheme 'prune': n_m_ratio: found '2', expected n:m with n from 1 to m - 1, as 2:4.")]
    [InlineData("prune(n_m_ratio=2:4, dim=2)", "scheme 'prune': dim: found '2', expected 0 or 1.")]
    [InlineData("prune(dim=1)", "scheme 'prune': dim: has no meaning without n_m_ratio or block_size.")]
    [InlineData("prune(block_size=1)", "scheme 'prune': block_size: found '1', expected 2 or more.")]
    [InlineData("prune(block_size=4, granularity=per_channel)", "scheme 'prune': block_size: has no meaning without target_sparsity of elements.")]
    [InlineData("prune(block_size=4, ties=exact)", "scheme 'prune': ties=exact: has no meaning without target_sparsity of elements.")]
    [InlineData("prune(threshold=1, ties=exact)", "scheme 'prune': ties=exact: has no meaning without target_sparsity of elements.")]
    [InlineData("prune(threshold=1, granularity=per_channel)", "scheme 'prune': granularity=per_channel: has no meaning without target_sparsity.")]
    [InlineData("prune(threshold=-1)", "scheme 'prune': threshold: found '-1', expected a number of 0 or more.")]
    [InlineData("prune(threshold=1, minimum_sparsity_percentile=2)", "scheme 'prune': minimum_sparsity_percentile: found '2', expected a number from 0 to 1.")]
    [InlineData("prune(minimum_sparsity_percentile=0.1)", "scheme 'prune': minimum_sparsity_percentile: has no meaning without threshold.")]
    [InlineData("prune(ties=exact, compat=coremltools)", "scheme 'prune': compat=coremltools: expected neither ties=exact nor granularity=per_channel, which the reference lacks.")]
    [InlineData("mindspore(bit_num=17)", "scheme 'mindspore': bit_num: found '17', expected 0 (mixed bits) or 1 to 16.")]
    [InlineData("mindspore(init_scale=0.1)", "scheme 'mindspore': init_scale: has no meaning without bit_num=0.")]
    [InlineData("mindspore(bit_num=0, init_scale=0)", "scheme 'mindspore': init_scale: found '0', expected a number above 0.")]
    [InlineData("mindspore(accuracy_threshold=inf, quant_weight_size=-1, quant_weight_channel=x)", "scheme 'mindspore': quant_weight_size: found '-1', expected 0 or more; quant_weight_channel: found 'x', expected 0 or more; accuracy_threshold: found 'inf', expected a number above 0.")]
    [InlineData("float16(nbits=4)", "scheme 'float16': unknown key 'nbits', expected none.")]
    [InlineData("palettize+prune", "scheme 'palettize(mode=kmeans, nbits=4, granularity=per_tensor)+prune(target_sparsity=0.5)': found palettize and prune, expected prune first, then palettize or quantize.")]
    [InlineData("prune+float16", "scheme 'prune(target_sparsity=0.5)+float16': found prune and float16, expected prune first, then palettize or quantize.")]
    [InlineData("prune+palettize(cluster_dim=2)", "scheme 'prune(target_sparsity=0.5)+palettize(mode=kmeans, nbits=4, granularity=per_tensor, cluster_dim=2)': found vectors or a scale for each channel, expected a palette of single values: what is left of a pruned weight has no neighbours.")]
    [InlineData("prune+palettize+quantize", "scheme 'palettize+quantize': no such family, expected palettize, quantize, prune, mindspore, float16 or none.")]
    public void Parse_Faults_AreAllNamed(string text, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => SchemeText.Parse(text)).Message);

    // "a={x|y}" stands for "a=x" and "a=y"; a question mark for a bar inside a value.
    private static IEnumerable<string> Expand(string grid)
    {
        int open = grid.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return [grid.Replace('?', '|')];
        }

        int close = grid.IndexOf('}', StringComparison.Ordinal);
        return grid[(open + 1)..close].Split('|').SelectMany(value => Expand(grid[..open] + value + grid[(close + 1)..]));
    }
}
