namespace SweepCluster.Sweeps.Comparison;

/// <summary>Names without what compression and conversion add to them, so that a model and what was made of it have the same.</summary>
public static class PlainNames
{
    private static readonly string[] s_suffixes = ["_palettized_pcs", "_palettized", "_quantized", "_sparsified", "_cast_fp16", "_to_fp16", "_to_fp32", "_cast"];

    /// <summary>The name without its suffixes.</summary>
    /// <param name="name">Name of a weight or an operation.</param>
    public static string Of(string name)
    {
        while (s_suffixes.FirstOrDefault(suffix => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix)
        {
            name = name[..^suffix.Length];
        }

        return name;
    }
}
