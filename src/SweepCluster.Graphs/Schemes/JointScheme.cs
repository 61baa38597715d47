namespace SweepCluster.Graphs.Schemes;

/// <summary>Pruned, and what is left palettized or quantized.</summary>
/// <param name="Prune">What goes.</param>
/// <param name="Then">A <see cref="PalettizeScheme"/> or <see cref="QuantizeScheme"/> for the rest.</param>
public sealed record JointScheme(PruneScheme Prune, Scheme Then) : Scheme
{
    /// <summary>What stands between the two in <see cref="Canonical"/>.</summary>
    public const char Separator = '+';

    /// <inheritdoc/>
    public override string Family => Prune.Family + Separator + Then.Family;

    /// <inheritdoc/>
    public override string Canonical => Prune.Canonical + Separator + Then.Canonical;

    /// <inheritdoc/>
    public override string Label => Prune.Label + Separator + Then.Label;
}
