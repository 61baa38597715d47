using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>An operand while weights still gain uses: either known, or a weight to come.</summary>
internal readonly record struct PendingOperand(Operand? Operand, WeightDraft? Draft)
{
    internal Operand Finish() => Operand ?? new Operand.Parameter(Draft!.Weight);
}
