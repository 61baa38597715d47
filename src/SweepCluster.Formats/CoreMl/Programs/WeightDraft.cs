using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>A weight while the program is read and its uses are still being found.</summary>
internal sealed class WeightDraft(string name, CompressedWeight stored, WeightSite site, string? chain)
{
    private readonly List<WeightUse> _uses = [];
    private (int Output, int Input)? _axes;
    private string? _conflict = chain is null ? null : $"stored as {chain}, which is carried through unchanged";
    private Weight? _weight;

    internal string Name => name;

    internal CompressedWeight Stored => stored;

    internal WeightSite Site => site;

    /// <summary>Whether it is all that its form says: no joint form of operations that no stored weight is like.</summary>
    internal bool IsPlain { get; } = chain is null;

    internal bool IsUsed => _uses.Count > 0;

    /// <summary>The weight; asked for when every use is known.</summary>
    internal Weight Weight => _weight ??= new Weight(name, stored, [.. _uses], _axes?.Output ?? 0, _axes?.Input ?? 0, _conflict, chain);

    internal void AddUse(WeightUse use, (int Output, int Input) axes)
    {
        if (_axes is { } others && others != axes)
        {
            _conflict ??= $"{_uses[0].OpType} '{_uses[0].Node}' and {use.OpType} '{use.Node}' see its channels on different axes";
        }

        _uses.Add(use);
        _axes ??= axes;
    }

    internal void MarkOutput() => _conflict ??= "it is an output of the program";
}
