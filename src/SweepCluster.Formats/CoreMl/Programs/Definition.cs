using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>What a name of a program stands for.</summary>
internal abstract record Definition
{
    private Definition()
    {
    }

    /// <summary>A value that is computed when the program runs.</summary>
    internal sealed record Computed : Definition;

    /// <summary>A constant that is no weight.</summary>
    internal sealed record Known(Operand Operand) : Definition;

    /// <summary>A constant that is a weight if an operation reads it.</summary>
    internal sealed record Stored(WeightDraft Draft) : Definition;

    /// <summary>An output of a <c>constexpr_*</c> operation that only other such operations can read.</summary>
    internal sealed record Part(Constexprs.ConstexprValue Value) : Definition;
}
