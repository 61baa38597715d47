using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>An operation while weights still gain uses.</summary>
internal sealed record PendingNode(
    string OpType, KeyValuePair<string, ImmutableArray<PendingOperand>>[] Inputs, ImmutableArray<ValueInfo> Outputs, string Place, bool HasBlocks)
{
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<Operand>> s_none = ImmutableSortedDictionary.Create<string, ImmutableArray<Operand>>(StringComparer.Ordinal);

    internal Node Finish() => new(
        OpType,
        s_none.AddRange(Inputs.Select(input => KeyValuePair.Create(input.Key, ImmutableArray.CreateRange(input.Value, operand => operand.Finish())))),
        Outputs, Place, HasBlocks);
}
