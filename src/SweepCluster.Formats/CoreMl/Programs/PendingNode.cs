using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>An operation while weights still gain uses.</summary>
internal sealed record PendingNode(
    string OpType, Dictionary<string, ImmutableArray<PendingOperand>> Inputs, ImmutableArray<ValueInfo> Outputs, string Place, bool HasBlocks)
{
    internal Node Finish() => new(
        OpType,
        Inputs.ToImmutableSortedDictionary(
            input => input.Key, input => input.Value.Select(operand => operand.Finish()).ToImmutableArray(), StringComparer.Ordinal),
        Outputs, Place, HasBlocks);
}
