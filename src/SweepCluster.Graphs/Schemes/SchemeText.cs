namespace SweepCluster.Graphs.Schemes;

/// <summary>Reads schemes from their text form and from key-value settings that use coremltools' names.</summary>
public static class SchemeText
{
    /// <summary>Reads <c>family(key=value, ...)</c>. Keys may be missing (coremltools' defaults apply) and in any order.</summary>
    /// <exception cref="BadInputException">Unknown family or key, a value out of range, or keys that contradict each other; names all of them.</exception>
    public static Scheme Parse(string text)
    {
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return FromSettings(trimmed, []);
        }

        if (!trimmed.EndsWith(')'))
        {
            throw new BadInputException($"scheme '{text}': found no closing parenthesis, expected family(key=value, ...).");
        }

        List<KeyValuePair<string, string>> settings = [];
        foreach (string part in trimmed[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            settings.Add(sides.Length == 2
                ? new(sides[0], sides[1])
                : throw new BadInputException($"scheme '{text}': found '{part}', expected key=value."));
        }

        return FromSettings(trimmed[..open].Trim(), settings);
    }

    /// <summary>Makes a scheme from a family and single-valued settings.</summary>
    /// <param name="family"><c>palettize</c>, <c>quantize</c>, <c>prune</c>, <c>float16</c> or <c>none</c>.</param>
    /// <param name="settings">Keys as coremltools names them, values as text.</param>
    /// <exception cref="BadInputException">As <see cref="Parse"/>.</exception>
    public static Scheme FromSettings(string family, IReadOnlyCollection<KeyValuePair<string, string>> settings)
    {
        SchemeSettings reader = new(family, settings);
        Scheme? scheme = family switch
        {
            "palettize" => Palettize(reader),
            "quantize" => Quantize(reader),
            "prune" => new PruneScheme(reader.Fraction("target_sparsity", 0.5)),
            "float16" => new Float16Scheme(),
            "none" => new UntouchedScheme(),
            _ => null,
        };
        if (scheme is null)
        {
            throw new BadInputException($"scheme '{family}': no such family, expected palettize, quantize, prune, float16 or none.");
        }

        reader.Finish();
        return scheme;
    }

    private static PalettizeScheme Palettize(SchemeSettings settings)
    {
        settings.OneOf("mode", "kmeans", ["kmeans"]);
        int bits = settings.Integer("nbits", 4, value => value is 1 or 2 or 3 or 4 or 6 or 8, "1, 2, 3, 4, 6 or 8");
        bool grouped = settings.OneOf("granularity", "per_tensor", ["per_tensor", "per_grouped_channel"]) == "per_grouped_channel";
        int groupSize = settings.Integer("group_size", 32, value => value >= 1, "1 or more", usedIf: grouped, condition: "granularity=per_grouped_channel");
        return new PalettizeScheme(bits, grouped ? groupSize : 0);
    }

    private static QuantizeScheme Quantize(SchemeSettings settings)
    {
        bool symmetric = settings.OneOf("mode", "linear_symmetric", ["linear_symmetric", "linear"]) == "linear_symmetric";
        string code = settings.OneOf("dtype", "int8", ["int8", "uint8", "int4", "uint4"]);
        QuantizeGranularity granularity = settings.OneOf("granularity", "per_channel", ["per_tensor", "per_channel", "per_block"]) switch
        {
            "per_tensor" => QuantizeGranularity.PerTensor,
            "per_channel" => QuantizeGranularity.PerChannel,
            _ => QuantizeGranularity.PerBlock,
        };
        bool blocks = granularity == QuantizeGranularity.PerBlock;
        int blockSize = settings.Integer("block_size", 32, value => value >= 1, "1 or more", usedIf: blocks, condition: "granularity=per_block");
        ElementType type = code switch { "int8" => ElementType.Int8, "uint8" => ElementType.UInt8, "int4" => ElementType.Int4, _ => ElementType.UInt4 };
        return new QuantizeScheme(type, symmetric, granularity, blocks ? blockSize : 0);
    }
}
