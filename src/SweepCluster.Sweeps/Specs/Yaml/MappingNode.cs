namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>A mapping, in the order in which it was written; no key stands twice.</summary>
/// <param name="place">Where.</param>
internal sealed class MappingNode(SpecPlace place) : SpecNode(place)
{
    public List<SpecEntry> Entries { get; } = [];

    public override string Description => "a mapping";

    /// <summary>The entry of a key, or null.</summary>
    public SpecEntry? Find(string key) => Entries.Find(entry => entry.Key == key);

    /// <summary>Replaces the entry of a key where it stands, or appends it.</summary>
    public void Set(SpecEntry entry)
    {
        int index = Entries.FindIndex(existing => existing.Key == entry.Key);
        if (index >= 0)
        {
            Entries[index] = entry;
        }
        else
        {
            Entries.Add(entry);
        }
    }
}
