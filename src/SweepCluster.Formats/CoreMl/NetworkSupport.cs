using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Which schemes a neural network can hold, before anything is computed.</summary>
internal static class NetworkSupport
{
    private const int WidestCode = 8;

    /// <summary>Why a scheme cannot be written, naming its key; null where it can.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="version">The latest specification version that may be written.</param>
    internal static string? Refuses(Scheme scheme, int version) => NoForm(scheme) ?? scheme switch
    {
        Float16Scheme when version < NetworkTargets.Float16 => Newer("float16", NetworkTargets.Float16, version),
        PalettizeScheme or QuantizeScheme or MindSporeScheme when version < NetworkTargets.Quantized => Newer(scheme.Family, NetworkTargets.Quantized, version),
        _ => null,
    };

    /// <summary>Why one weight cannot be written in a scheme; null where it can.</summary>
    internal static string? Refuses(NeuralNetworkLayer layer, WeightSlot slot, Scheme scheme) => scheme switch
    {
        Float16Scheme when slot.SharesPrecision && LayerPrecision.BeyondFloat16(layer, slot) is { } other =>
            $"its layer would hold '{other.Name}' as float16 too, which has values beyond that",
        QuantizeScheme { Granularity: QuantizeGranularity.PerChannel } or MindSporeScheme when slot.ScaleShapes.IsEmpty && slot.Shape.Rank > 1 && slot.Shape[slot.OutputAxis] > 1 =>
            $"a neural network has one scale for the constant of {slot.OpType} '{slot.Name}', not one for each channel",
        _ => null,
    };

    private static string Newer(string what, int needed, int version) =>
        $"{what} needs {NetworkTargets.NameOf(needed)} or later, the target is {NetworkTargets.NameOf(version)}";

    private static string? NoForm(Scheme scheme) => scheme switch
    {
        JointScheme joint => $"{joint.Family}: a neural network has no sparse form, pruned values would be stored one by one",
        PruneScheme => $"{scheme.Family}: a neural network has no sparse form, pruned values would be stored one by one",
        PalettizeScheme { GroupSize: > 0 } => "granularity=per_grouped_channel: a neural network has one table for each weight",
        PalettizeScheme { VectorLength: > 1 } vectors => $"cluster_dim={vectors.VectorLength}: a neural network's tables hold single values",
        PalettizeScheme { PerChannelScale: true } => "enable_per_channel_scale=true: a neural network has no scales beside a table",
        PalettizeScheme { TableType: { } type } => $"lut_dtype={type.Name()}: a neural network's tables are float32",
        QuantizeScheme { Granularity: QuantizeGranularity.PerBlock } => "granularity=per_block: a neural network has scales for the tensor or for each output channel",
        QuantizeScheme quantize when quantize.CodeType.BitWidth() > WidestCode => $"dtype={quantize.CodeType.Name()}: a neural network's codes have 1 to {WidestCode} bits",
        MindSporeScheme { Bits: 0 } => $"bit_num=0: mixed bits take codes of 16 bits, a neural network's have 1 to {WidestCode}",
        MindSporeScheme { Bits: > WidestCode } mindSpore => $"bit_num={mindSpore.Bits}: a neural network's codes have 1 to {WidestCode} bits",
        _ => null,
    };
}
