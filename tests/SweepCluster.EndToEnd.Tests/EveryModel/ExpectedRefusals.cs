using System.Globalization;
using System.Text.RegularExpressions;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.EndToEnd.Tests.EveryModel;

/// <summary>The rules by which schemes are refused, said a second time: for a target by the scheme alone, for a weight by its type, shape and readers, and by its values where a rule looks at them.</summary>
/// <remarks>A combination that is refused without a rule here fails, and so does one that a rule here would refuse and the product takes.</remarks>
internal static partial class ExpectedRefusals
{
    private const int MostTableEntries = 256;

    /// <summary>Why a target cannot hold a scheme.</summary>
    /// <param name="entry">The scheme.</param>
    /// <param name="program">Level of the ML programs, as 16 for iOS 16; null where there are none.</param>
    /// <param name="network">Specification version that the neural networks may be raised to; null where there are none.</param>
    internal static string? OfTarget(SchemeCase entry, int? program, int? network)
    {
        string? refused = program is null ? null
            : entry.Program ?? (entry.Newer is not null && program < 18 ? $"{entry.Newer} needs iOS18 or later, the target is iOS{program}" : null);
        if (refused is not null || network is null)
        {
            return refused;
        }

        int needed = entry.Scheme is Float16Scheme ? 2 : 3;
        string name = entry.Scheme is Float16Scheme ? "float16" : entry.Scheme.Family;
        return entry.Network ?? (network < needed ? $"{name} needs {VersionName(needed)} or later, the target is {VersionName(network.Value)}" : null);
    }

    /// <summary>Why a weight cannot take a scheme by its type, shape and readers.</summary>
    internal static string? OfShape(Weight weight, Scheme scheme) => weight switch
    {
        { Conflict: { } conflict } => conflict,
        { Type: not (ElementType.Float16 or ElementType.Float32) } => $"values are {weight.Type.Name()}, neither float16 nor float32",
        { Shape.ElementCount: 0 } => "it has no elements",
        _ when scheme is Float16Scheme => weight.Type == ElementType.Float16 ? "already float16" : null,
        { Shape.Rank: < 2 } => $"rank {weight.Shape.Rank}: only weights of rank 2 or more have channels",
        _ => OfChannels(weight, scheme),
    };

    /// <summary>Whether a refusal is one that depends on the values, in the words of a rule of this family, and true of them.</summary>
    internal static bool IsOfValues(string reason, Weight weight, Scheme scheme) => (scheme is JointScheme joint ? joint.Prune : scheme) switch
    {
        PalettizeScheme { Mode: PaletteMode.Unique, GroupSize: 0 } => reason == $"{Decompressor.ToFloat32(weight.Stored).Distinct().Count()} distinct values, more than {MostTableEntries}",
        PalettizeScheme { Mode: PaletteMode.Unique } => DistinctInGroup().Match(reason) is { Success: true } match && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) > MostTableEntries,
        ThresholdPruneScheme { MinimumSparsity: > 0 } => BelowMinimum().IsMatch(reason),
        PruneScheme => NothingLeft().IsMatch(reason),
        Float16Scheme => BeyondFloat16().IsMatch(reason),
        _ => false,
    };

    /// <summary>Whether a neural network's layer has no place for the scheme, in the words of that rule.</summary>
    internal static bool IsOfLayer(string reason, Scheme scheme) => scheme switch
    {
        Float16Scheme => SharedPrecision().IsMatch(reason),
        QuantizeScheme { Granularity: QuantizeGranularity.PerChannel } or MindSporeScheme => OneScale().IsMatch(reason),
        _ => false,
    };

    private static string? OfChannels(Weight weight, Scheme scheme)
    {
        int outputs = weight.Shape[weight.OutputAxis], inputs = weight.Shape[weight.InputAxis];
        return scheme switch
        {
            JointScheme joint => OfChannels(weight, joint.Prune) ?? OfChannels(weight, joint.Then),
            PalettizeScheme { GroupSize: > 0 } grouped when outputs % grouped.GroupSize != 0 => $"{outputs} output channels are not divisible by group size {grouped.GroupSize}",
            PalettizeScheme { GroupSize: 0 } vectors when outputs % vectors.VectorLength != 0 => $"{outputs} output channels are not divisible by vectors of {vectors.VectorLength}",
            QuantizeScheme { Blocks: { } blocks } when blocks.Rank != weight.Shape.Rank =>
                $"block size {string.Join('x', blocks.Extents)} has {blocks.Rank} extents, the weight {weight.Shape} has {weight.Shape.Rank} axes",
            QuantizeScheme { Blocks: { } blocks } => Enumerable.Range(0, blocks.Rank).Where(axis => blocks[axis] > 0 && weight.Shape[axis] % blocks[axis] != 0)
                .Select(axis => $"extent {weight.Shape[axis]} of axis {axis} is not divisible by block extent {blocks[axis]}").FirstOrDefault(),
            QuantizeScheme { Granularity: QuantizeGranularity.PerBlock } blocks when inputs % blocks.BlockSize != 0 => $"{inputs} input channels are not divisible by block size {blocks.BlockSize}",
            MagnitudePruneScheme { Channels: true } channels => (int)(channels.TargetSparsity * outputs) == 0
                ? FormattableString.Invariant($"{channels.TargetSparsity} of {outputs} output channels is less than one channel") : null,
            MagnitudePruneScheme { BlockSize: > 0 } blocks => OfRuns(weight, "blocks of channels are", "block size", blocks.BlockSize, blocks.Dim),
            PatternPruneScheme pattern => OfRuns(weight, "n:m patterns are", "m =", pattern.M, pattern.Dim),
            MindSporeScheme rules => OfMindSpore(weight, rules, outputs),
            _ => null,
        };
    }

    private static string? OfRuns(Weight weight, string what, string name, int length, int dim)
    {
        int channels = weight.Shape[dim == 0 ? weight.OutputAxis : weight.InputAxis];
        return weight.Uses.Where(use => use is not { OpType: "conv" or "linear", Input: "weight" })
            .Select(use => $"{what} for the weights of conv and linear, it is the {use.Input} of {use.OpType}").FirstOrDefault()
            ?? (2 * length > channels ? $"{name} {length} is more than half of {channels} {(dim == 0 ? "output" : "input")} channels" : null);
    }

    private static string? OfMindSpore(Weight weight, MindSporeScheme rules, int outputs)
    {
        string[] readers = [.. weight.Uses.Select(use => use.OpType).Distinct()];
        long perChannel = weight.Shape.ElementCount / outputs, least = 256 / (32 - rules.Bits);
        bool sharesScale = weight.Uses.Length > 1 && readers.Any(reader => reader is "linear" or "matmul");
        return !readers.Any(reader => reader is "conv" or "conv_transpose" or "linear" or "matmul" or "gather" or "lstm")
                ? $"read by {string.Join(", ", readers)}: the converter quantizes conv, conv_transpose, linear, matmul, gather, lstm"
            : readers.Any(reader => reader.StartsWith("conv", StringComparison.Ordinal)) && outputs <= rules.MinimumChannels ? $"{outputs} output channels, quant_weight_channel is {rules.MinimumChannels}"
            : rules.Bits > 0 && !sharesScale && perChannel <= least ? $"{perChannel} elements in a channel, a scale for each pays from {least + 1} on at {rules.Bits} bits"
            : null;
    }

    private static string VersionName(int version) => version switch { 1 => "iOS11", 2 => "iOS11.2", 3 => "iOS12", _ => throw new ArgumentOutOfRangeException(nameof(version)) };

    [GeneratedRegex("^(\\d+) distinct values in group \\d+, more than 256$")]
    private static partial Regex DistinctInGroup();

    [GeneratedRegex("^a sparsity of 0(\\.[0-4]\\d*)? is below minimum_sparsity_percentile 0\\.5$|^no magnitude is above the threshold, nothing would be left$")]
    private static partial Regex BelowMinimum();

    [GeneratedRegex("^(no magnitude is above the threshold|the channels that stay are all zero|every block's norm ties with the percentile|all of it is zero|every magnitude ties with the percentile|what its runs would keep is all zero), nothing would be left$")]
    private static partial Regex NothingLeft();

    [GeneratedRegex("^element \\d+ is .*, beyond float16's 65504$")]
    private static partial Regex BeyondFloat16();

    [GeneratedRegex("^its layer would hold '.*' as float16 too, which has values beyond that$")]
    private static partial Regex SharedPrecision();

    [GeneratedRegex("^a neural network has one scale for the constant of \\w+ '.*', not one for each channel$")]
    private static partial Regex OneScale();
}
