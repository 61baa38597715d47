using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>A weight while the program is read and its uses are still being found.</summary>
internal sealed class WeightDraft(string name, int part, CompressedWeight stored, WeightSite site, string? chain)
{
    private readonly List<WeightUse> _uses = [];
    private readonly List<WeightSite> _sites = [site];
    private (int Output, int Input)? _axes;
    private string? _conflict = ConflictOf(chain);
    private string? _chain = chain;
    private Weight? _weight;

    internal string Name => name;

    internal CompressedWeight Stored => stored;

    /// <summary>Which block it was found in first, counted as they are read.</summary>
    internal int Part => part;

    /// <summary>Where it is defined; several where functions share it.</summary>
    internal IReadOnlyList<WeightSite> Sites => _sites;

    /// <summary>Whether it is all that its form says: no joint form of operations that no stored weight is like.</summary>
    internal bool IsPlain { get; } = chain is null;

    internal bool IsUsed => _uses.Count > 0;

    /// <summary>The weight; asked for when every use is known.</summary>
    internal Weight Weight => _weight ??= new Weight(name, stored, [.. _uses], _axes?.Output ?? 0, _axes?.Input ?? 0, _conflict, _chain)
    {
        Unmeasured = part == 0 ? null : $"only function {site.Function} reads it, which is not measured",
    };

    internal void AddUse(WeightUse use, (int Output, int Input) axes)
    {
        if (_axes is { } others && others != axes)
        {
            _conflict ??= $"{_uses[0].OpType} '{_uses[0].Node}' and {use.OpType} '{use.Node}' see its channels on different axes";
        }

        if (!_uses.Contains(use)) // functions that share a weight often have the same operations
        {
            _uses.Add(use);
        }

        _axes ??= axes;
    }

    /// <summary>Notes another function's definition of it.</summary>
    internal void AddSite(WeightSite other, string? otherChain)
    {
        _sites.Add(other);
        _chain ??= otherChain;
        _conflict ??= ConflictOf(otherChain);
    }

    private static string? ConflictOf(string? operations) => operations is null ? null : $"stored as {operations}, which is carried through unchanged";

    internal void MarkOutput() => _conflict ??= "it is an output of the program";
}
