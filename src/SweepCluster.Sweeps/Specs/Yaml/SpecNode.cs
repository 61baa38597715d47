namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>One node of a YAML document that knows where it stands.</summary>
/// <param name="place">Where.</param>
internal abstract class SpecNode(SpecPlace place)
{
    /// <summary>Where the node starts.</summary>
    public SpecPlace Place { get; } = place;

    /// <summary>What it is, for messages: <c>'text'</c>, <c>a list</c>, <c>a mapping</c>, <c>nothing</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it says nothing: <c>~</c>, <c>null</c>, or no text at all.</summary>
    public virtual bool IsNull => false;
}
