namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Names that operations of a block can read. A version that is made in an inner block is known there alone.</summary>
internal sealed class VersionScope(VersionScope? outer)
{
    private readonly Dictionary<string, Version> _names = new(StringComparer.Ordinal);

    internal void Define(string name, Version version) => _names[name] = version;

    internal Version? Find(string name) => _names.GetValueOrDefault(name) ?? outer?.Find(name);
}
