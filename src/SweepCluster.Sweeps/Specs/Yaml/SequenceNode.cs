namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>A list.</summary>
/// <param name="place">Where.</param>
/// <param name="items">Its items.</param>
internal sealed class SequenceNode(SpecPlace place, List<SpecNode> items) : SpecNode(place)
{
    public List<SpecNode> Items { get; } = items;

    public override string Description => "a list";
}
