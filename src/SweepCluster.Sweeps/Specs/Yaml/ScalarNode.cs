namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>A text, a number, or nothing.</summary>
/// <param name="place">Where.</param>
/// <param name="value">The text.</param>
/// <param name="quoted">Whether it was quoted, so that <c>"null"</c> is a text.</param>
internal sealed class ScalarNode(SpecPlace place, string value, bool quoted) : SpecNode(place)
{
    public string Value { get; } = value;

    public override bool IsNull => !quoted && Value is ("" or "~" or "null" or "Null" or "NULL");

    public override string Description => IsNull ? "nothing" : $"'{Value}'";
}
