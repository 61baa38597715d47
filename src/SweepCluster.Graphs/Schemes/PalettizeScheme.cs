namespace SweepCluster.Graphs.Schemes;

/// <summary>Indices into a palette (look-up table), one table for the tensor or one for each group of output channels.</summary>
/// <param name="Bits">Bits of one index: 1, 2, 3, 4, 6 or 8; 0 where the table decides (<see cref="PaletteMode.Unique"/>, <see cref="PaletteMode.Custom"/> with numbers): the fewest that hold it.</param>
/// <param name="GroupSize">Output channels that share one palette; 0 for one palette for the whole tensor.</param>
public sealed record PalettizeScheme(int Bits, int GroupSize) : Scheme
{
    /// <summary>Where the entries come from.</summary>
    public PaletteMode Mode { get; init; }

    /// <summary>Consecutive output channels that one index stands for (<c>cluster_dim</c>); 1 for scalars. Above 1 for k-means only.</summary>
    public int VectorLength { get; init; } = 1;

    /// <summary>Whether each output channel is divided by its largest magnitude first, and multiplied by it after the look-up.</summary>
    public bool PerChannelScale { get; init; }

    /// <summary>int8 or uint8 where the table itself is stored in 8 bits with a scale; null where it has the weight's type.</summary>
    public ElementType? TableType { get; init; }

    /// <summary>The table of a custom palette; null for other modes.</summary>
    public PaletteTableRule? Table { get; init; }

    /// <summary>Whether k-means of float32 works on values rounded to 65,536 bins (<c>distinct=binned</c>): less memory and time, with a stated bound of the error.</summary>
    public bool Binned { get; init; }

    /// <summary>Whose arithmetic computes the table; other than exact for uniform only: unique is the same in both.</summary>
    public SchemeProfile Profile { get; init; }

    /// <inheritdoc/>
    public override string Family => "palettize";

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("mode", Mode.ToString().ToLowerInvariant());
            text.AddIf(Bits != (Table?.FixedBits ?? 0), "nbits", Bits);
            text.Add("granularity", GroupSize == 0 ? "per_tensor" : "per_grouped_channel");
            text.AddIf(GroupSize != 0, "group_size", GroupSize);
            text.AddIf(VectorLength != 1, "cluster_dim", VectorLength);
            text.AddIf(PerChannelScale, "enable_per_channel_scale", "true");
            text.AddIf(TableType is not null, "lut_dtype", TableType?.Name());
            text.AddIf(Table is not null, "lut", Table?.Text);
            text.AddIf(Binned, "distinct", "binned");
            text.AddIf(Profile == SchemeProfile.CoreMlTools, "compat", "coremltools");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label
    {
        get
        {
            string head = Mode switch { PaletteMode.KMeans => "pal", PaletteMode.Uniform => "uni", PaletteMode.Unique => "unique", _ => "lut" };
            string table = Table is null ? "" : ":" + Table.Label;
            return head + (Bits > 0 ? $"{Bits}" : "") + table
                + (GroupSize > 0 ? $"/g{GroupSize}" : "") + (VectorLength > 1 ? $"/v{VectorLength}" : "") + (PerChannelScale ? "/cs" : "")
                + TableType switch { ElementType.Int8 => "/i8t", ElementType.UInt8 => "/u8t", _ => "" }
                + (Binned ? "/bin" : "") + (Profile == SchemeProfile.CoreMlTools ? "'" : "");
        }
    }
}
