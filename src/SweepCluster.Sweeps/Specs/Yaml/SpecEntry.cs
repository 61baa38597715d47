namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">The value.</param>
internal sealed record SpecEntry(string Key, SpecPlace Place, SpecNode Value);
