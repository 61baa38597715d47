namespace SweepCluster.Graphs.Schemes;

/// <summary>A float32 weight stored as float16 and cast back by the device.</summary>
public sealed record Float16Scheme : Scheme
{
    /// <inheritdoc/>
    public override string Family => "float16";

    /// <inheritdoc/>
    public override string Canonical => "float16";

    /// <inheritdoc/>
    public override string Label => "f16";
}
