namespace SweepCluster.Graphs.Schemes;

/// <summary>Integer codes with a scale, and for <c>linear</c> a zero point, for each tensor, channel or block.</summary>
/// <param name="CodeType">int8, uint8, int4 or uint4.</param>
/// <param name="Symmetric">True for <c>linear_symmetric</c>, false for <c>linear</c>.</param>
/// <param name="Granularity">What shares one scale.</param>
/// <param name="BlockSize">Elements along the input axis that share one scale; 0 unless <paramref name="Granularity"/> is per block.</param>
public sealed record QuantizeScheme(ElementType CodeType, bool Symmetric, QuantizeGranularity Granularity, int BlockSize) : Scheme
{
    /// <inheritdoc/>
    public override string Family => "quantize";

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            string head = $"quantize(mode={(Symmetric ? "linear_symmetric" : "linear")}, dtype={CodeType.Name()}, granularity=";
            return head + Granularity switch
            {
                QuantizeGranularity.PerTensor => "per_tensor)",
                QuantizeGranularity.PerChannel => "per_channel)",
                _ => $"per_block, block_size={BlockSize})",
            };
        }
    }

    /// <inheritdoc/>
    public override string Label
    {
        get
        {
            string name = CodeType.Name().Replace("uint", "u", StringComparison.Ordinal).Replace("int", "i", StringComparison.Ordinal);
            string scale = Granularity switch { QuantizeGranularity.PerTensor => "/t", QuantizeGranularity.PerChannel => "/c", _ => $"/b{BlockSize}" };
            return name + (Symmetric ? "s" : "a") + scale;
        }
    }
}
