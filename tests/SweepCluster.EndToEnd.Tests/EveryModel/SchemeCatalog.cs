namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>A scheme of every family, form, width and mode that the product has, each with the words of its refusals.</summary>
internal static class SchemeCatalog
{
    private const string OneTable = "granularity=per_grouped_channel: a neural network has one table for each weight";
    private const string NoScales = "enable_per_channel_scale=true: a neural network has no scales beside a table";
    private const string NoBlocks = "granularity=per_block: a neural network has scales for the tensor or for each output channel";

    internal static IReadOnlyList<SchemeCase> All { get; } =
    [
        .. Palettes(), .. Codes(), .. Pruned("prune"), .. Joint(), .. MindSpore(),
        new("float16", null, null, null),
    ];

    /// <summary>One scheme of every form that a weight can be stored in.</summary>
    internal static IReadOnlyList<SchemeCase> OfEveryForm { get; } =
    [
        .. All.Where(entry => entry.Text is "palettize(nbits=1)" or "palettize(nbits=4)" or "palettize(nbits=6)" or "palettize(mode=uniform, nbits=8)" or "palettize(mode=custom, lut=nf4)" or "palettize(mode=unique)"
            or "palettize(nbits=3, granularity=per_grouped_channel, group_size=4)" or "palettize(nbits=4, lut_dtype=int8)" or "palettize(nbits=2, cluster_dim=2)" or "palettize(mode=uniform, nbits=6, enable_per_channel_scale=true)"
            or "quantize(dtype=int8, mode=linear_symmetric, granularity=per_channel)" or "quantize(dtype=uint8, mode=linear, granularity=per_tensor)" or "quantize(dtype=uint4, mode=linear, granularity=per_channel)"
            or "quantize(dtype=int4, mode=linear_symmetric, granularity=per_block, block_size=4)" or "prune(target_sparsity=0.5)" or "prune(n_m_ratio=2:4)" or "prune(threshold=0.02, minimum_sparsity_percentile=0)"
            or "prune(target_sparsity=0.5, block_size=2)" or "prune(target_sparsity=0.25, granularity=per_channel)" or "prune(target_sparsity=0.5)+palettize(nbits=4)" or "prune(target_sparsity=0.5)+quantize(dtype=int8)"
            or "prune(n_m_ratio=2:4)+palettize(nbits=6, lut_dtype=int8)" or "mindspore(bit_num=8)" or "quantize(dtype=int5, mode=linear)" or "float16"),
    ];

    /// <summary>Every so manieth scheme of the list: models that take turns meet all of them together.</summary>
    /// <param name="turn">0 to <paramref name="turns"/> - 1.</param>
    /// <param name="turns">How many share the list.</param>
    internal static IEnumerable<SchemeCase> Turn(int turn, int turns) => All.Where((_, index) => index % turns == turn);

    private static IEnumerable<SchemeCase> Palettes()
    {
        foreach (string nbits in (string[])["1", "2", "3", "4", "6", "8"])
        {
            string? newer = nbits == "3" ? "nbits=3" : null;
            yield return new($"palettize(nbits={nbits})", newer, null, null);
            yield return new($"palettize(mode=uniform, nbits={nbits})", newer, null, null);
            yield return new($"palettize(nbits={nbits}, granularity=per_grouped_channel, group_size=4)", "granularity=per_grouped_channel", null, OneTable);
            yield return new($"palettize(nbits={nbits}, lut_dtype=int8)", newer ?? "lut_dtype=int8", null, "lut_dtype=int8: a neural network's tables are float32");
        }

        yield return new("palettize(nbits=8, distinct=binned)", null, null, null);
        yield return new("palettize(mode=uniform, nbits=4, compat=coremltools)", null, null, null);
        yield return new("palettize(mode=unique)", null, null, null);
        yield return new("palettize(mode=unique, granularity=per_grouped_channel, group_size=1)", "granularity=per_grouped_channel", null, OneTable);
        foreach (string lut in (string[])["nf4", "fp4", "powers_of_two", "quantiles", "-0.2|-0.05|0|0.05|0.2"])
        {
            yield return new($"palettize(mode=custom, lut={lut})", null, null, null); // five numbers take 3 bits where the target has them, else 4
        }

        yield return new("palettize(mode=uniform, nbits=4, granularity=per_grouped_channel, group_size=8)", "granularity=per_grouped_channel", null, OneTable);
        yield return new("palettize(nbits=2, cluster_dim=2)", "cluster_dim=2", null, "cluster_dim=2: a neural network's tables hold single values");
        yield return new("palettize(nbits=4, cluster_dim=4)", "cluster_dim=4", null, "cluster_dim=4: a neural network's tables hold single values");
        yield return new("palettize(nbits=2, cluster_dim=2, granularity=per_grouped_channel, group_size=8)", "granularity=per_grouped_channel", null, OneTable);
        yield return new("palettize(nbits=4, enable_per_channel_scale=true)", "enable_per_channel_scale=true", null, NoScales);
        yield return new("palettize(mode=uniform, nbits=6, enable_per_channel_scale=true)", "enable_per_channel_scale=true", null, NoScales);
        yield return new("palettize(nbits=2, cluster_dim=2, enable_per_channel_scale=true)", "cluster_dim=2", null, "cluster_dim=2: a neural network's tables hold single values");
        yield return new("palettize(nbits=4, enable_per_channel_scale=true, lut_dtype=uint8)", "enable_per_channel_scale=true", null, NoScales);
        yield return new("palettize(nbits=4, granularity=per_grouped_channel, group_size=4, lut_dtype=uint8)", "granularity=per_grouped_channel", null, OneTable);
        yield return new("palettize(nbits=2, cluster_dim=2, lut_dtype=int8)", "cluster_dim=2", null, "cluster_dim=2: a neural network's tables hold single values");
    }

    private static IEnumerable<SchemeCase> Codes()
    {
        foreach (string mode in (string[])["linear_symmetric", "linear"])
        {
            foreach (string dtype in (string[])["int8", "uint8", "int4", "uint4"])
            {
                string? newer = dtype.EndsWith('4') ? $"dtype={dtype}" : null;
                yield return new($"quantize(dtype={dtype}, mode={mode}, granularity=per_tensor)", newer, null, null);
                yield return new($"quantize(dtype={dtype}, mode={mode}, granularity=per_channel)", newer, null, null);
                yield return new($"quantize(dtype={dtype}, mode={mode}, granularity=per_block, block_size=4)", newer ?? "granularity=per_block", null, NoBlocks);
            }
        }

        yield return new("quantize(dtype=int8, granularity=per_block, block_size=2x4x0x0)", "granularity=per_block", null, NoBlocks);
        yield return new("quantize(dtype=uint4, mode=linear, granularity=per_block, block_size=0x2)", "dtype=uint4", null, NoBlocks);
        yield return new("quantize(dtype=int8, clip=mse)", null, null, null);
        yield return new("quantize(dtype=uint4, mode=linear, clip=mse)", "dtype=uint4", null, null);
        yield return new("quantize(dtype=int8, mode=linear, compat=coremltools)", null, null, null);
        foreach (string dtype in (string[])["int2", "uint3", "int5", "uint6", "int7"])
        {
            yield return new($"quantize(dtype={dtype}, mode=linear)", null, $"dtype={dtype}: Core ML has no such type, expected int4, uint4, int8 or uint8", null);
        }

        yield return new("quantize(dtype=uint1, mode=linear, granularity=per_tensor)", null, "dtype=uint1: Core ML has no such type, expected int4, uint4, int8 or uint8", null);
        yield return new("quantize(dtype=int16)", null, "dtype=int16: Core ML has no such type, expected int4, uint4, int8 or uint8", "dtype=int16: a neural network's codes have 1 to 8 bits");
    }

    private static IEnumerable<SchemeCase> Pruned(string family)
    {
        string sparse = $"{family}: a neural network has no sparse form, pruned values would be stored one by one";
        foreach (string settings in (string[])[
            "target_sparsity=0.5", "target_sparsity=0.9", "target_sparsity=0.5, ties=exact", "threshold=0.02, minimum_sparsity_percentile=0", "threshold=0.001, minimum_sparsity_percentile=0.5",
            "n_m_ratio=2:4", "n_m_ratio=1:2, dim=0", "n_m_ratio=3:4", "target_sparsity=0.5, block_size=2", "target_sparsity=0.5, block_size=4, dim=1",
            "target_sparsity=0.5, block_size=2, compat=coremltools", "target_sparsity=0.25, granularity=per_channel"])
        {
            yield return new($"prune({settings})", null, null, sparse);
        }
    }

    private static IEnumerable<SchemeCase> Joint()
    {
        foreach (string prune in (string[])["prune(target_sparsity=0.5)", "prune(n_m_ratio=2:4)"])
        {
            foreach (string then in (string[])[
                "palettize(nbits=1)", "palettize(nbits=3)", "palettize(nbits=4)", "palettize(nbits=4, granularity=per_grouped_channel, group_size=4)", "palettize(nbits=6, lut_dtype=int8)",
                "palettize(mode=uniform, nbits=8)", "quantize(dtype=int8)", "quantize(dtype=uint8, mode=linear, granularity=per_tensor)", "quantize(dtype=int4, granularity=per_block, block_size=4)",
                "quantize(dtype=uint4, mode=linear)"])
            {
                yield return Both(prune, then, null);
            }
        }

        yield return Both("prune(target_sparsity=0.5, block_size=2)", "palettize(nbits=2)", null);
        yield return Both("prune(target_sparsity=0.25, granularity=per_channel)", "quantize(dtype=int8, granularity=per_tensor)", null);
        yield return Both("prune(threshold=0.02, minimum_sparsity_percentile=0)", "palettize(mode=custom, lut=nf4)", null);
        yield return Both("prune(target_sparsity=0.5)", "quantize(dtype=int6)", "dtype=int6: Core ML has no such type, expected int4, uint4, int8 or uint8");
    }

    private static SchemeCase Both(string prune, string then, string? program)
    {
        string family = $"prune+{then[..then.IndexOf('(', StringComparison.Ordinal)]}";
        return new($"{prune}+{then}", family, program, $"{family}: a neural network has no sparse form, pruned values would be stored one by one");
    }

    private static IEnumerable<SchemeCase> MindSpore()
    {
        yield return new("mindspore(bit_num=8)", null, null, null);
        yield return new("mindspore(bit_num=4, quant_weight_channel=0)", "bit_num=4", null, null);
        yield return new("mindspore(bit_num=3, quant_weight_channel=0)", null, "bit_num=3: Core ML has no such type, expected 4 or 8", null);
        yield return new("mindspore(bit_num=16)", null, "bit_num=16: Core ML has no such type, expected 4 or 8", "bit_num=16: a neural network's codes have 1 to 8 bits");
        yield return new(
            "mindspore(bit_num=0)", null, "bit_num=0: mixed bits take codes of 16 bits, for which Core ML has no type; expected 4 or 8",
            "bit_num=0: mixed bits take codes of 16 bits, a neural network's have 1 to 8");
    }
}
