namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>The names that operations of a block can read: those of the block so far, and those of the blocks around it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, Definition> _definitions = new(StringComparer.Ordinal);

    internal void Define(string name, Definition definition) => _definitions[name] = definition;

    internal Definition? Find(string name) => _definitions.GetValueOrDefault(name) ?? outer?.Find(name);
}
