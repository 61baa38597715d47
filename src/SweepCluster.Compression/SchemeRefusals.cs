using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>Says before anything is measured which weights cannot take which schemes, by type, shape and values.</summary>
/// <param name="arithmetic">How devices of the target decode.</param>
/// <remarks>What it lets through, <see cref="Compressors.Compress"/> takes, and what it refuses is refused there in the same words. Keeps the weight that was asked for last prepared, so weights are best asked for one after another. Not thread-safe.</remarks>
public sealed class SchemeRefusals(DecodeArithmetic arithmetic)
{
    private PreparedWeight? _prepared;

    /// <summary>Why a weight cannot take a scheme, in a few words; null where it can.</summary>
    /// <param name="weight">The weight. Its values are read where the scheme depends on them.</param>
    /// <param name="scheme">The scheme.</param>
    public string? Of(Weight weight, Scheme scheme)
    {
        if (scheme is UntouchedScheme)
        {
            return null;
        }

        if (Compressors.Refuses(weight, scheme) is string reason)
        {
            return reason;
        }

        PreparedWeight prepared = _prepared?.Source == weight ? _prepared : _prepared = new PreparedWeight(weight);
        try
        {
            return prepared.NonFinite ?? (Deciding(scheme) is { } deciding ? Try(prepared, deciding) : null);
        }
        finally
        {
            weight.Stored.Unload();
        }
    }

    // The scheme, or the part of a joint one, whose rule looks at more than whether values are finite. None of these searches for clusters or clipping ranges, so all are cheap to carry out.
    private static Scheme? Deciding(Scheme scheme) => scheme switch
    {
        JointScheme joint => DependsOnValues(joint.Then) ? scheme : joint.Prune,
        PruneScheme or Float16Scheme => scheme,
        _ => DependsOnValues(scheme) ? scheme : null,
    };

    private static bool DependsOnValues(Scheme scheme) => scheme switch
    {
        PalettizeScheme { Mode: PaletteMode.Unique } => true, // too many of them
        PalettizeScheme { Mode: PaletteMode.Uniform, Profile: SchemeProfile.CoreMlTools } => true, // a range that the type does not hold
        PalettizeScheme { Mode: PaletteMode.Custom, PerChannelScale: true } => true, // entries times scales
        QuantizeScheme { Profile: SchemeProfile.CoreMlTools } => true, // scales and values that the type does not hold
        MindSporeScheme { Bits: 0 } => true, // codes that no type holds
        MindSporeScheme { AccuracyThreshold: double threshold } => double.IsFinite(threshold),
        _ => false,
    };

    private string? Try(PreparedWeight prepared, Scheme scheme)
    {
        try
        {
            Compressors.Compress(prepared, scheme, new CompressOptions(arithmetic), CancellationToken.None);
            return null;
        }
        catch (SchemeNotApplicableException refusal)
        {
            return refusal.Reason;
        }
    }
}
