using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>A float32 constant of a program (a <c>const</c>, or what a <c>constexpr_*</c> operation gives) while it is found out in which types it is read.</summary>
/// <param name="operation">The operation that defines it.</param>
/// <param name="feeding">The constants that it reads by name and that would become float16 with it.</param>
/// <param name="refusal">Why it cannot become float16 for any reader, in a few words; null where it can.</param>
/// <param name="fit">How float16 holds it; null for what a <c>constexpr_*</c> operation gives.</param>
/// <param name="bound">No value is larger in magnitude.</param>
internal sealed class ConstantSource(Operation operation, IReadOnlyList<ConstantSource> feeding, string? refusal, Float16Fit? fit, double bound)
{
    internal Operation Operation => operation;

    internal Float16Fit? Fit => fit;

    internal double Bound => bound;

    /// <summary>Number of its values.</summary>
    internal long Elements => MilTypes.ShapeOf(operation.Outputs.Last(output => Float16Choice.IsFloat32(output.Type)).Type.TensorType, operation.Type) is { IsKnown: true } shape ? shape.ElementCount : 0;

    /// <summary>Why it cannot become float16; null where it can.</summary>
    internal string? Refusal => refusal;

    /// <summary>Whether something reads it as float16.</summary>
    internal bool NeedsHalf { get; private set; }

    /// <summary>Whether something reads it as float32.</summary>
    internal bool NeedsSingle { get; private set; }

    internal void DemandHalf()
    {
        NeedsHalf = true;
        foreach (ConstantSource source in feeding)
        {
            source.DemandHalf();
        }
    }

    internal void DemandSingle()
    {
        NeedsSingle = true;
        foreach (ConstantSource source in feeding)
        {
            source.DemandSingle();
        }
    }
}
