using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>A weight while the program is read and its uses are still being found.</summary>
internal sealed class WeightDraft(string name, int part, CompressedWeight stored, WeightSite site, string? chain)
{
    private readonly List<WeightUse> _uses = [];
    private readonly HashSet<WeightUse> _known = [];
    private string? _elsewhere = ""; // the function that reads it; null as soon as the main one does
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
        Unmeasured = _elsewhere is null ? null : $"only function {OneLine.Short(_elsewhere)} reads it, which is not measured",
    };

    /// <summary>Notes an operation that reads it.</summary>
    /// <param name="use">The operation.</param>
    /// <param name="axes">Its channels as the operation sees them.</param>
    /// <param name="elsewhere">The function that the operation is in; null for the main function.</param>
    internal void AddUse(WeightUse use, (int Output, int Input) axes, string? elsewhere)
    {
        _elsewhere = elsewhere is null || _elsewhere is null ? null : _elsewhere.Length > 0 ? _elsewhere : elsewhere;
        if (_axes is { } others && others != axes)
        {
            _conflict ??= $"{_uses[0].OpType} '{_uses[0].Node}' and {use.OpType} '{use.Node}' see its channels on different axes";
        }

        if (_known.Add(use)) // functions that share a weight often have the same operations
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
