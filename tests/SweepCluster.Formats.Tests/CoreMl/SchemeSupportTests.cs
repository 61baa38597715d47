using System.Text.Json;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.Tests.CoreMl;

public class SchemeSupportTests
{
    private static readonly CoreMlFormat s_format = new();

    [Theory]
    [InlineData("palettize(granularity=per_grouped_channel)", "granularity=per_grouped_channel")]
    [InlineData("palettize(nbits=3)", "nbits=3")]
    [InlineData("palettize(cluster_dim=2)", "cluster_dim=2")]
    [InlineData("palettize(enable_per_channel_scale=true)", "enable_per_channel_scale=true")]
    [InlineData("palettize(mode=uniform, lut_dtype=uint8)", "lut_dtype=uint8")]
    [InlineData("quantize(dtype=int4)", "dtype=int4")]
    [InlineData("quantize(granularity=per_block, block_size=1x0)", "granularity=per_block")]
    [InlineData("mindspore(bit_num=4)", "bit_num=4")]
    [InlineData("prune+palettize", "prune+palettize")]
    [InlineData("prune(n_m_ratio=1:2)+quantize", "prune+quantize")]
    public void Refuses_SchemeOfIOS18_OnlyBefore(string scheme, string key)
    {
        Assert.Equal($"{key} needs iOS18 or later, the target is iOS16", Refuses(scheme, "iOS16"));
        Assert.Equal($"{key} needs iOS18 or later, the target is iOS17", Refuses(scheme, "iOS17"));
        Assert.Null(Refuses(scheme, "iOS18"));
        Assert.Null(Refuses(scheme, "iOS26"));
    }

    [Theory]
    [InlineData("quantize(dtype=int5)", "dtype=int5: Core ML has no such type, expected int4, uint4, int8 or uint8")]
    [InlineData("quantize(dtype=uint16)", "dtype=uint16: Core ML has no such type, expected int4, uint4, int8 or uint8")]
    [InlineData("prune+quantize(dtype=int2)", "dtype=int2: Core ML has no such type, expected int4, uint4, int8 or uint8")]
    [InlineData("mindspore(bit_num=7)", "bit_num=7: Core ML has no such type, expected 4 or 8")]
    [InlineData("mindspore(bit_num=16)", "bit_num=16: Core ML has no such type, expected 4 or 8")]
    [InlineData("mindspore(bit_num=0)", "bit_num=0: mixed bits take codes of 16 bits, for which Core ML has no type; expected 4 or 8")]
    public void Refuses_WidthThatNoTargetHas_Always(string scheme, string reason)
    {
        Assert.Equal(reason, Refuses(scheme, "iOS16"));
        Assert.Equal(reason, Refuses(scheme, "iOS26"));
    }

    [Theory]
    [InlineData("palettize(nbits=1)"), InlineData("palettize(nbits=8, mode=uniform, compat=coremltools)"), InlineData("palettize(mode=unique)"), InlineData("palettize(mode=custom, lut=nf4)")]
    [InlineData("palettize(mode=custom, lut=-1|0|1)"), InlineData("palettize(distinct=binned)")]
    [InlineData("quantize"), InlineData("quantize(dtype=uint8, mode=linear, granularity=per_tensor, clip=mse)"), InlineData("mindspore(bit_num=8)")]
    [InlineData("prune"), InlineData("prune(n_m_ratio=2:4)"), InlineData("prune(threshold=1)"), InlineData("prune(block_size=2)"), InlineData("prune(granularity=per_channel)"), InlineData("float16"), InlineData("none")]
    public void Refuses_SchemeOfEveryTarget_Never(string scheme)
    {
        Assert.Null(Refuses(scheme, "iOS16"));
        Assert.Null(Refuses(scheme, "iOS18"));
    }

    // Every case that the reference refuses is refused here too, before anything is computed.
    [Fact, Trait("Needs", "shared")]
    public void Refuses_WhatTheReferenceRefuses()
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(FixturePackages.SharedFolder, "index.json")));
        string[] refused = [.. index.RootElement.EnumerateArray().Where(entry => entry.TryGetProperty("error", out _)).Select(entry => entry.GetProperty("case").GetString()!)];
        string[] accepted = [.. index.RootElement.EnumerateArray().Where(entry => !entry.TryGetProperty("error", out _)).Select(entry => entry.GetProperty("case").GetString()!)];

        Assert.Equal(32, refused.Length);
        Assert.All(refused, name => Assert.NotNull(Refuses(SchemeOf(name), name.Split('_')[0])));
        Assert.All(accepted.Where(name => !name.EndsWith("_base", StringComparison.Ordinal)), name => Assert.Null(Refuses(SchemeOf(name), name.Split('_')[0])));
    }

    // A case's name after target and type, as palettize_kmeans4_g16_cd2 or quantize_int4_linear_per_block16.
    private static string SchemeOf(string name)
    {
        string[] words = name.Split('_')[2..];
        string rest = string.Join('_', words[1..]);
        return words[0] switch
        {
            "palettize" => Palettize(words[1..]),
            "quantize" => Quantize(rest),
            "prune" => rest[0] switch
            {
                't' => $"prune(threshold={words[1]["threshold".Length..]}, minimum_sparsity_percentile=0)",
                's' => $"prune(target_sparsity={words[1]["sparsity".Length..]})",
                'n' => $"prune(n_m_ratio={words[1][2..]}:{words[2]}, dim={(rest.EndsWith("dim0", StringComparison.Ordinal) ? 0 : 1)})",
                _ => $"prune(target_sparsity=0.5, block_size={words[1]["block".Length..]}, dim={(rest.EndsWith("dim1", StringComparison.Ordinal) ? 1 : 0)})",
            },
            _ => rest switch
            {
                "prune0.5_kmeans4" => "prune+palettize",
                "prune0.5_int8" => "prune+quantize",
                "prune0.5_int4_block32" => "prune+quantize(dtype=int4, granularity=per_block)",
                _ => "palettize(lut_dtype=int8)",
            },
        };
    }

    private static string Palettize(string[] words)
    {
        List<string> settings = [words[0].StartsWith("kmeans", StringComparison.Ordinal) ? "mode=kmeans" : "mode=uniform", $"nbits={words[0][^1]}"];
        settings.AddRange(words[1..].SelectMany(word => word switch
        {
            "pcs" => ["enable_per_channel_scale=true"],
            _ when word.StartsWith("cd", StringComparison.Ordinal) => [$"cluster_dim={word[2..]}"],
            _ => new[] { "granularity=per_grouped_channel", $"group_size={word[1..]}" },
        }));
        return $"palettize({string.Join(", ", settings)})";
    }

    private static string Quantize(string rest)
    {
        string mode = rest.Contains("linear_symmetric", StringComparison.Ordinal) ? "linear_symmetric" : "linear";
        string granularity = rest[(rest.IndexOf("per_", StringComparison.Ordinal))..];
        string block = granularity["per_".Length..].TrimStart("tensorchanlbk".ToCharArray());
        return $"quantize(dtype={rest.Split('_')[0]}, mode={mode}, granularity={granularity[..^block.Length]}{(block.Length > 0 ? $", block_size={block}" : "")})";
    }

    private static string? Refuses(string scheme, string target) => s_format.Refuses(SchemeText.Parse(scheme), new ModelTarget(target, DecodeArithmetic.ScaleType, null));
}
