using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Which schemes a target can hold, before anything is computed.</summary>
internal static class SchemeSupport
{
    /// <summary>Why a scheme cannot be written, naming its key; null where it can.</summary>
    internal static string? Refuses(Scheme scheme, CoreMlTarget target) =>
        (target.Level is int level ? RefusesProgram(scheme, level) : null)
        ?? (target.Networks is var (_, most) ? NetworkSupport.Refuses(scheme, most) : null)
        ?? (target is { Level: not null, Networks: not null } && scheme is QuantizeScheme or MindSporeScheme
            ? $"{scheme.Family}: devices decode codes of an ML program and of a neural network by different arithmetic, and the model has both" : null);

    private static string? RefusesProgram(Scheme scheme, int level)
    {
        if (NoType(scheme) is { } fault)
        {
            return fault;
        }

        if (scheme is not UntouchedScheme && level < CoreMlTargets.IOS16)
        {
            return $"compressed weights need iOS16 or later, the target is {CoreMlTargets.NameOf(level)}";
        }

        string? newer = level >= CoreMlTargets.IOS18 ? null : NeedsIOS18(scheme);
        return newer is null ? null : $"{newer} needs iOS18 or later, the target is {CoreMlTargets.NameOf(level)}";
    }

    // Codes of a width that no target has.
    private static string? NoType(Scheme scheme) => scheme switch
    {
        JointScheme joint => NoType(joint.Then),
        QuantizeScheme { CodeType: not (ElementType.Int4 or ElementType.UInt4 or ElementType.Int8 or ElementType.UInt8) } quantize =>
            $"dtype={quantize.CodeType.Name()}: Core ML has no such type, expected int4, uint4, int8 or uint8",
        MindSporeScheme { Bits: 0 } => "bit_num=0: mixed bits take codes of 16 bits, for which Core ML has no type; expected 4 or 8",
        MindSporeScheme { Bits: not (4 or 8) } mindSpore => $"bit_num={mindSpore.Bits}: Core ML has no such type, expected 4 or 8",
        _ => null,
    };

    private static string? NeedsIOS18(Scheme scheme) => scheme switch
    {
        JointScheme joint => joint.Family,
        PalettizeScheme { GroupSize: > 0 } => "granularity=per_grouped_channel",
        PalettizeScheme { Bits: 3 } => "nbits=3",
        PalettizeScheme { VectorLength: > 1 } vectors => $"cluster_dim={vectors.VectorLength}",
        PalettizeScheme { PerChannelScale: true } => "enable_per_channel_scale=true",
        PalettizeScheme { TableType: { } type } => $"lut_dtype={type.Name()}",
        QuantizeScheme { CodeType: ElementType.Int4 or ElementType.UInt4 } quantize => $"dtype={quantize.CodeType.Name()}",
        QuantizeScheme { Granularity: QuantizeGranularity.PerBlock } => "granularity=per_block",
        MindSporeScheme { Bits: 4 } => "bit_num=4",
        _ => null,
    };
}
