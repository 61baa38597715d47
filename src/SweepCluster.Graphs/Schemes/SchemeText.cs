namespace SweepCluster.Graphs.Schemes;

/// <summary>Reads schemes from their text form and from key-value settings that use coremltools' names.</summary>
public static class SchemeText
{
    /// <summary>Families that <see cref="FromSettings"/> knows.</summary>
    private static readonly string[] s_families = ["palettize", "quantize", "prune", "mindspore", "float16", "none"];

    /// <summary>Reads <c>family(key=value, ...)</c>, or two of them joined by <c>+</c> for a joint form. Keys may be missing (coremltools' defaults apply) and in any order.</summary>
    /// <exception cref="BadInputException">Unknown family or key, a value out of range, or keys that contradict each other; names all of them.</exception>
    public static Scheme Parse(string text)
    {
        // A plus sign inside parentheses belongs to a number.
        string trimmed = text.Trim();
        int depth = 0;
        for (int i = 0; i < trimmed.Length; i++)
        {
            depth += trimmed[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && trimmed[i] == JointScheme.Separator)
            {
                return Join(ParseOne(trimmed[..i].TrimEnd()), ParseOne(trimmed[(i + 1)..].TrimStart()));
            }
        }

        return ParseOne(trimmed);
    }

    /// <summary>Why a scheme that code made is none: what <see cref="Parse"/> finds wrong with its canonical text, in a few words; null where it reads back as the same scheme.</summary>
    /// <param name="scheme">Any scheme.</param>
    public static string? FaultOf(Scheme scheme)
    {
        string text = scheme.Canonical;
        try
        {
            Scheme read = Parse(text);
            return read == scheme ? null : read.Canonical == text ? "found a setting that no text says" : $"expected {read.Canonical}, which is the same";
        }
        catch (BadInputException fault)
        {
            return fault.Message[(fault.Message.IndexOf("': ", StringComparison.Ordinal) + "': ".Length)..].TrimEnd('.'); // all begin with the scheme's name
        }
    }

    /// <summary>Joins two schemes into one.</summary>
    /// <param name="prune">What goes.</param>
    /// <param name="then">What the rest becomes.</param>
    /// <exception cref="BadInputException">The first does not prune, or the second neither palettizes nor quantizes the values that are left.</exception>
    public static JointScheme Join(Scheme prune, Scheme then) => (prune, then) switch
    {
        (PruneScheme, PalettizeScheme { VectorLength: > 1 } or PalettizeScheme { PerChannelScale: true }) => throw new BadInputException(
            $"scheme '{prune}{JointScheme.Separator}{then}': found vectors or a scale for each channel, expected a palette of single values: what is left of a pruned weight has no neighbours."),
        (PruneScheme first, PalettizeScheme or QuantizeScheme) => new JointScheme(first, then),
        _ => throw new BadInputException($"scheme '{prune}{JointScheme.Separator}{then}': found {prune.Family} and {then.Family}, expected prune first, then palettize or quantize."),
    };

    private static Scheme ParseOne(string trimmed)
    {
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return FromSettings(trimmed, []);
        }

        if (!trimmed.EndsWith(')'))
        {
            throw new BadInputException($"scheme '{trimmed}': found no closing parenthesis, expected family(key=value, ...).");
        }

        if (trimmed.Contains('[', StringComparison.Ordinal))
        {
            throw new BadInputException($"scheme '{trimmed}': found a list, expected one value of each key; lists belong into a sweep's spec.");
        }

        List<KeyValuePair<string, string>> settings = [];
        foreach (string part in trimmed[(open + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            settings.Add(sides.Length == 2
                ? new(sides[0], sides[1])
                : throw new BadInputException($"scheme '{trimmed}': found '{part}', expected key=value."));
        }

        return FromSettings(trimmed[..open].Trim(), settings);
    }

    /// <summary>Makes a scheme from a family and single-valued settings.</summary>
    /// <param name="family"><c>palettize</c>, <c>quantize</c>, <c>prune</c>, <c>mindspore</c>, <c>float16</c> or <c>none</c>.</param>
    /// <param name="settings">Keys as coremltools names them, values as text.</param>
    /// <exception cref="BadInputException">As <see cref="Parse"/>.</exception>
    public static Scheme FromSettings(string family, IReadOnlyCollection<KeyValuePair<string, string>> settings)
    {
        SchemeSettings reader = new(family, settings);
        Scheme? scheme = family switch
        {
            "palettize" => Palettize(reader),
            "quantize" => Quantize(reader),
            "prune" => Prune(reader),
            "mindspore" => MindSpore(reader),
            "float16" => new Float16Scheme(),
            "none" => new UntouchedScheme(),
            _ => null,
        };
        if (scheme is null)
        {
            throw new BadInputException(NearName.Ended($"scheme '{family}': no such family, expected {string.Join(", ", s_families[..^1])} or {s_families[^1]}{NearName.Hint(family, s_families)}"));
        }

        reader.Finish();
        return scheme;
    }

    private static PalettizeScheme Palettize(SchemeSettings settings)
    {
        PaletteMode mode = settings.OneOf("mode", "kmeans", ["kmeans", "uniform", "unique", "custom"]) switch
        {
            "uniform" => PaletteMode.Uniform,
            "unique" => PaletteMode.Unique,
            "custom" => PaletteMode.Custom,
            _ => PaletteMode.KMeans,
        };
        PaletteTableRule? table = settings.Table("lut", mode == PaletteMode.Custom);
        bool counts = mode is PaletteMode.KMeans or PaletteMode.Uniform || table is { IsRule: true, FixedBits: null };
        int bits = settings.Integer("nbits", 4, value => value is 1 or 2 or 3 or 4 or 6 or 8, "1, 2, 3, 4, 6 or 8", usedIf: counts, condition: "mode=kmeans, mode=uniform or a rule of any width");
        bool grouped = settings.OneOf("granularity", "per_tensor", ["per_tensor", "per_grouped_channel"]) == "per_grouped_channel";
        int groupSize = settings.Integer("group_size", 32, value => value >= 1, "1 or more", usedIf: grouped, condition: "granularity=per_grouped_channel");
        bool clusters = mode == PaletteMode.KMeans;
        int vector = settings.Integer("cluster_dim", 1, value => value is >= 1 and <= 64, "1 to 64", usedIf: clusters, condition: "mode=kmeans");
        bool scaled = settings.OneOf("enable_per_channel_scale", "false", ["true", "false"]) == "true";
        string? tableType = settings.OneOf("lut_dtype", "none", ["none", "int8", "uint8"]);
        bool binned = settings.OneOf("distinct", "exact", ["exact", "binned"]) == "binned";
        SchemeProfile profile = Profile(settings);
        settings.Check(!binned || (clusters && vector == 1), "distinct=binned: has no meaning without mode=kmeans and single values");
        settings.Check(profile == SchemeProfile.Exact || mode is PaletteMode.Uniform or PaletteMode.Unique, "compat=coremltools: has no meaning without mode=uniform or mode=unique: our k-means is exact");
        settings.Check(!binned || tableType == "none", "distinct=binned: expected no lut_dtype: values in bins make no 8-bit tables");
        settings.Check(!binned || !scaled, "distinct=binned: expected no enable_per_channel_scale: values in bins have no scale for each channel");
        settings.Check(mode != PaletteMode.Unique || tableType == "none", "mode=unique: expected no lut_dtype: it would round the values, which unique stores themselves");
        settings.Check(mode != PaletteMode.Unique || !scaled, "mode=unique: expected no enable_per_channel_scale: it would round the values, which unique stores themselves");
        settings.Check(profile == SchemeProfile.Exact || mode != PaletteMode.Uniform || tableType == "none", "compat=coremltools: expected no lut_dtype: the reference's arithmetic makes no 8-bit tables");
        settings.Check(profile == SchemeProfile.Exact || mode == PaletteMode.Unique || !scaled, "compat=coremltools: expected no enable_per_channel_scale: the reference scales input channels");
        return new PalettizeScheme(table?.FixedBits ?? (counts ? bits : 0), grouped ? groupSize : 0)
        {
            Mode = mode,
            VectorLength = vector,
            PerChannelScale = scaled,
            TableType = tableType switch { "int8" => ElementType.Int8, "uint8" => ElementType.UInt8, _ => null },
            Table = table,
            Binned = binned,
            Profile = mode == PaletteMode.Uniform ? profile : SchemeProfile.Exact, // unique is the same in both
        };
    }

    private static QuantizeScheme Quantize(SchemeSettings settings)
    {
        bool symmetric = settings.OneOf("mode", "linear_symmetric", ["linear_symmetric", "linear"]) == "linear_symmetric";
        ElementType type = settings.CodeType("dtype", ElementType.Int8);
        QuantizeGranularity granularity = settings.OneOf("granularity", "per_channel", ["per_tensor", "per_channel", "per_block"]) switch
        {
            "per_tensor" => QuantizeGranularity.PerTensor,
            "per_channel" => QuantizeGranularity.PerChannel,
            _ => QuantizeGranularity.PerBlock,
        };
        (int blockSize, Shape? blocks) = settings.Blocks("block_size", 32, granularity == QuantizeGranularity.PerBlock);
        bool clip = settings.OneOf("clip", "none", ["none", "mse"]) == "mse";
        SchemeProfile profile = Profile(settings);
        settings.Check(!symmetric || type.BitWidth() > 1, $"dtype={type.Name()}: found 1 bit for mode=linear_symmetric, expected 2 or more: one code would be left");
        settings.Check(!clip || profile == SchemeProfile.Exact, "clip=mse: has no meaning with compat=coremltools");
        return new QuantizeScheme(type, symmetric, granularity, blockSize) { Blocks = blocks, Clip = clip, Profile = profile };
    }

    private static PruneScheme Prune(SchemeSettings settings)
    {
        bool byThreshold = settings.Has("threshold"), byPattern = settings.Has("n_m_ratio");
        bool byMagnitude = settings.Has("target_sparsity") || (!byThreshold && !byPattern);
        settings.Check((byThreshold ? 1 : 0) + (byPattern ? 1 : 0) + (byMagnitude ? 1 : 0) == 1, "found several of target_sparsity, threshold and n_m_ratio, expected one");
        double sparsity = settings.Number("target_sparsity", 0.5, value => value is > 0 and < 1, "a number above 0 and below 1");
        bool channels = settings.OneOf("granularity", "per_scalar", ["per_scalar", "per_channel"]) == "per_channel";
        int blockSize = settings.Integer("block_size", 0, value => value >= 2, "2 or more", usedIf: byMagnitude && !channels, condition: "target_sparsity of elements");
        bool exact = settings.OneOf("ties", "all", ["all", "exact"]) == "exact";
        double threshold = settings.Number("threshold", 1e-12, value => value >= 0 && double.IsFinite(value), "a number of 0 or more");
        double minimum = settings.Number("minimum_sparsity_percentile", 0.5, value => value is >= 0 and <= 1, "a number from 0 to 1", usedIf: byThreshold, condition: "threshold");
        (int n, int m) = settings.Ratio("n_m_ratio", (2, 4));
        int dim = settings.Integer("dim", byPattern ? 1 : 0, value => value is 0 or 1, "0 or 1", usedIf: byPattern || blockSize > 0, condition: "n_m_ratio or block_size");
        SchemeProfile profile = Profile(settings);
        settings.Check(!channels || byMagnitude, "granularity=per_channel: has no meaning without target_sparsity");
        settings.Check(!exact || (byMagnitude && blockSize == 0 && !channels), "ties=exact: has no meaning without target_sparsity of elements");
        settings.Check(profile == SchemeProfile.Exact || !(exact || channels), "compat=coremltools: expected neither ties=exact nor granularity=per_channel, which the reference lacks");
        return byThreshold ? new ThresholdPruneScheme(threshold, minimum)
            : byPattern ? new PatternPruneScheme(n, m, dim)
            : new MagnitudePruneScheme(sparsity)
            {
                BlockSize = blockSize,
                Dim = dim,
                ExactTies = exact,
                Channels = channels,
                Profile = blockSize > 0 ? profile : SchemeProfile.Exact, // elsewhere both do the same
            };
    }

    private static MindSporeScheme MindSpore(SchemeSettings settings)
    {
        int bits = settings.Integer("bit_num", 8, value => value is >= 0 and <= 16, "0 (mixed bits) or 1 to 16");
        int size = settings.Integer("quant_weight_size", 0, value => value >= 0, "0 or more");
        int channels = settings.Integer("quant_weight_channel", 16, value => value >= 0, "0 or more");
        double accuracy = settings.Number("accuracy_threshold", double.PositiveInfinity, value => value > 0 && double.IsFinite(value), "a number above 0");
        double scale = settings.Number("init_scale", 0.02, value => value > 0 && double.IsFinite(value), "a number above 0", usedIf: bits == 0, condition: "bit_num=0");
        return new MindSporeScheme(bits, size, channels) { AccuracyThreshold = accuracy, InitialScale = scale };
    }

    private static SchemeProfile Profile(SchemeSettings settings) =>
        settings.OneOf("compat", "none", ["none", "coremltools"]) == "coremltools" ? SchemeProfile.CoreMlTools : SchemeProfile.Exact;
}
