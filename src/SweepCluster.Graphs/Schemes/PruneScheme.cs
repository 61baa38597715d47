namespace SweepCluster.Graphs.Schemes;

/// <summary>Some elements become 0 and only the others are stored.</summary>
public abstract record PruneScheme : Scheme
{
    private protected PruneScheme()
    {
    }

    /// <inheritdoc/>
    public override string Family => "prune";
}
