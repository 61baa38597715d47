using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Graphs.Tests.Schemes;

public class SchemeTextTests
{
    [Theory]
    [InlineData("palettize", "palettize(mode=kmeans, nbits=4, granularity=per_tensor)", "pal4", "palettize")]
    [InlineData("palettize(granularity=per_grouped_channel, nbits=6)", "palettize(mode=kmeans, nbits=6, granularity=per_grouped_channel, group_size=32)", "pal6/g32", "palettize")]
    [InlineData(" palettize( nbits = 3 ,group_size=8,granularity=per_grouped_channel ) ", "palettize(mode=kmeans, nbits=3, granularity=per_grouped_channel, group_size=8)", "pal3/g8", "palettize")]
    [InlineData("quantize", "quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel)", "i8s/c", "quantize")]
    [InlineData("quantize(mode=linear, dtype=uint4, granularity=per_tensor)", "quantize(mode=linear, dtype=uint4, granularity=per_tensor)", "u4a/t", "quantize")]
    [InlineData("quantize(dtype=int4, granularity=per_block)", "quantize(mode=linear_symmetric, dtype=int4, granularity=per_block, block_size=32)", "i4s/b32", "quantize")]
    [InlineData("prune(target_sparsity=0.75)", "prune(target_sparsity=0.75)", "prune75", "prune")]
    [InlineData("prune", "prune(target_sparsity=0.5)", "prune50", "prune")]
    [InlineData("float16", "float16", "f16", "float16")]
    [InlineData("none()", "none", "none", "none")]
    public void Parse_Text_GivesCanonicalTextThatReadsBack(string text, string canonical, string label, string family)
    {
        Scheme scheme = SchemeText.Parse(text);

        Assert.Equal((canonical, label, family, canonical), (scheme.Canonical, scheme.Label, scheme.Family, scheme.ToString()));
        Assert.Equal(scheme, SchemeText.Parse(canonical));
    }

    [Theory]
    [InlineData("squash(nbits=4)", "scheme 'squash': no such family, expected palettize, quantize, prune, float16 or none.")]
    [InlineData("palettize(nbits=4", "scheme 'palettize(nbits=4': found no closing parenthesis, expected family(key=value, ...).")]
    [InlineData("palettize(nbits)", "scheme 'palettize(nbits)': found 'nbits', expected key=value.")]
    [InlineData("palettize(nbits=5)", "scheme 'palettize': nbits: found '5', expected 1, 2, 3, 4, 6 or 8.")]
    [InlineData("palettize(group_size=16)", "scheme 'palettize': group_size: has no meaning without granularity=per_grouped_channel.")]
    [InlineData("palettize(nbits=4, nbits=2)", "scheme 'palettize': key 'nbits' stands twice.")]
    [InlineData("palettize(mode=lloyd, nbits=x)", "scheme 'palettize': mode: found 'lloyd', expected kmeans; nbits: found 'x', expected 1, 2, 3, 4, 6 or 8.")]
    [InlineData("quantize(block_size=0, granularity=per_block)", "scheme 'quantize': block_size: found '0', expected 1 or more.")]
    [InlineData("quantize(nbits=8)", "scheme 'quantize': unknown key 'nbits', expected one of mode, dtype, granularity, block_size.")]
    [InlineData("prune(target_sparsity=1)", "scheme 'prune': target_sparsity: found '1', expected a number above 0 and below 1.")]
    [InlineData("prune(target_sparsity=NaN)", "scheme 'prune': target_sparsity: found 'NaN', expected a number above 0 and below 1.")]
    [InlineData("float16(nbits=4)", "scheme 'float16': unknown key 'nbits', expected none.")]
    public void Parse_Faults_AreAllNamed(string text, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => SchemeText.Parse(text)).Message);
}
