namespace SweepCluster.Graphs.Schemes;

/// <summary>The weight stays as the file has it.</summary>
public sealed record UntouchedScheme : Scheme
{
    /// <inheritdoc/>
    public override string Family => "none";

    /// <inheritdoc/>
    public override string Canonical => "none";

    /// <inheritdoc/>
    public override string Label => "none";
}
