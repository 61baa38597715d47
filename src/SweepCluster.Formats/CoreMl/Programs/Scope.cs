namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>The names that operations of a block can read: those of the block so far, and those of the blocks around it.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, Definition> _definitions = new(StringComparer.Ordinal);

    /// <summary>Defines a name; false where the block has it already. It may hide one of a block around it.</summary>
    internal bool Define(string name, Definition definition) => _definitions.TryAdd(name, definition);

    internal Definition? Find(string name) => _definitions.GetValueOrDefault(name) ?? outer?.Find(name);
}
