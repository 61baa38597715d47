using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Specs.CoreMlTools;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>What a spec says of one weight.</summary>
/// <param name="Schemes">Schemes to try.</param>
/// <param name="Overridden">Whether an override chose them.</param>
/// <param name="LeftAlone">The weight with the reason for which it stays as it is; null where it does not.</param>
/// <param name="Conflict">The message where operations that read it have different overrides; else null.</param>
internal sealed record LayerRule(ImmutableArray<Scheme> Schemes, bool Overridden, LeftAloneWeight? LeftAlone, string? Conflict)
{
    /// <summary>Looks a weight up.</summary>
    public static LayerRule Of(Weight weight, SweepSpec spec)
    {
        if (weight.Shape.Rank < 2)
        {
            return Alone(weight, LeftAloneCause.TooSmall, $"rank {weight.Shape.Rank}");
        }

        LayerOverride global = new(spec.Schemes, null);
        ImmutableArray<OverrideLookup.Found<LayerOverride>> found = OverrideLookup.Find(weight, spec.OpNameConfigs, spec.OpTypeConfigs, global, Same);
        OverrideLookup.Found<LayerOverride> rule = found[0];
        if (found.Length > 1)
        {
            return new LayerRule([], false, null,
                $"{spec.Name}: the weight '{weight.Name}' is read by '{rule.Node}' ({Describe(rule)}) and '{found[1].Node}' ({Describe(found[1])}); expected the same for both, or an entry '{weight.Name}' in op_name_configs.");
        }

        long threshold = rule.Setting.WeightThreshold ?? spec.WeightThreshold;
        return rule.Origin is not null && rule.Setting.Skip ? Alone(LeftAloneWeight.Skipped(weight, rule.Origin))
            : StoredForm(weight) is string form ? Alone(weight, LeftAloneCause.Excluded, form)
            : weight.Conflict is string conflict ? Alone(weight, LeftAloneCause.Excluded, conflict)
            : spec.Data is not null && weight.Unmeasured is string unmeasured ? Alone(weight, LeftAloneCause.Excluded, unmeasured)
            : weight.Shape.ElementCount <= threshold ? Alone(LeftAloneWeight.UpTo(weight, threshold))
            : new LayerRule(rule.Setting.Schemes, rule.Origin is not null, null, null);
    }

    private static LayerRule Alone(Weight weight, LeftAloneCause cause, string reason) => Alone(new LeftAloneWeight(weight, cause, reason));

    private static LayerRule Alone(LeftAloneWeight alone) => new([], false, alone, null);

    private static string Describe(OverrideLookup.Found<LayerOverride> found) => found.Origin ?? "no override";

    private static bool Same(LayerOverride left, LayerOverride right) =>
        left.WeightThreshold == right.WeightThreshold && left.Schemes.SequenceEqual(right.Schemes);

    private static string? StoredForm(Weight weight) => weight.Stored switch
    {
        DenseWeight dense => dense.Values.Type == weight.Type ? null : $"already stored as {dense.Values.Type.Name()}",
        PalettizedWeight palettized => $"already palettized to {Bits(palettized.Indices)}",
        QuantizedWeight quantized => $"already quantized to {quantized.Codes.Type.Name()}",
        SparseWeight => "already pruned",
        SparsePalettizedWeight sparse => $"already pruned and palettized to {Bits(sparse.Indices)}",
        SparseQuantizedWeight sparse => $"already pruned and quantized to {sparse.Codes.Type.Name()}",
        _ => "already compressed",
    };

    private static string Bits(TensorData indices) => indices.Type.BitWidth() is var bits && bits == 1 ? "1 bit" : $"{bits} bits";
}
