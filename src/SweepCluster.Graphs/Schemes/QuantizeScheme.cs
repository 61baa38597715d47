namespace SweepCluster.Graphs.Schemes;

/// <summary>Integer codes with a scale, and for <c>linear</c> a zero point, for each tensor, channel or block.</summary>
/// <param name="CodeType">An integer type of 1 to 16 bits, signed or not; symmetric codes need at least 2.</param>
/// <param name="Symmetric">True for <c>linear_symmetric</c>, false for <c>linear</c>.</param>
/// <param name="Granularity">What shares one scale.</param>
/// <param name="BlockSize">Elements along the input axis that share one scale; 0 unless <paramref name="Granularity"/> is per block and <see cref="Blocks"/> is null.</param>
public sealed record QuantizeScheme(ElementType CodeType, bool Symmetric, QuantizeGranularity Granularity, int BlockSize) : Scheme
{
    /// <summary>Extents of a block on every axis of the weight, 0 for the whole axis; null where <see cref="BlockSize"/> says it.</summary>
    public Shape? Blocks { get; init; }

    /// <summary>Whether the range of codes is searched for the least squared error (<c>clip=mse</c>) instead of spanning the largest values.</summary>
    public bool Clip { get; init; }

    /// <summary>Whose arithmetic is used.</summary>
    public SchemeProfile Profile { get; init; }

    /// <inheritdoc/>
    public override string Family => "quantize";

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("mode", Symmetric ? "linear_symmetric" : "linear");
            text.Add("dtype", CodeType.Name());
            text.Add("granularity", Granularity switch { QuantizeGranularity.PerTensor => "per_tensor", QuantizeGranularity.PerChannel => "per_channel", _ => "per_block" });
            text.AddIf(Granularity == QuantizeGranularity.PerBlock || BlockSize != 0 || Blocks is not null, "block_size", BlockText);
            text.AddIf(Clip, "clip", "mse");
            text.AddIf(Profile == SchemeProfile.CoreMlTools, "compat", "coremltools");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label
    {
        get
        {
            string name = CodeType.Name().Replace("uint", "u", StringComparison.Ordinal).Replace("int", "i", StringComparison.Ordinal);
            string scale = Granularity switch { QuantizeGranularity.PerTensor => "/t", QuantizeGranularity.PerChannel => "/c", _ => $"/b{BlockText}" };
            return name + (Symmetric ? "s" : "a") + scale + (Clip ? "/mse" : "") + (Profile == SchemeProfile.CoreMlTools ? "'" : "");
        }
    }

    private string BlockText => Blocks is { } blocks ? string.Join('x', blocks.Extents) : $"{BlockSize}";
}
