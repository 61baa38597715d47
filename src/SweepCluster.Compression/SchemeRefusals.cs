using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression;

/// <summary>Says before anything is measured which weights cannot take which schemes, by type, shape and values.</summary>
/// <param name="arithmetic">How devices of the target decode.</param>
/// <remarks>Keeps the weight that was asked for last prepared, so weights are best asked for one after another. Not thread-safe.</remarks>
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
        return prepared.NonFinite ?? (Deciding(scheme) is { } deciding ? Try(prepared, deciding) : null);
    }

    // The scheme, or the part of a joint one, whose rule looks at more than whether values are finite. All of these are cheap to carry out.
    private static Scheme? Deciding(Scheme scheme) => scheme switch
    {
        JointScheme { Then: PalettizeScheme { Mode: PaletteMode.Unique } } => scheme,
        JointScheme joint => joint.Prune,
        PruneScheme or Float16Scheme or PalettizeScheme { Mode: PaletteMode.Unique } => scheme,
        MindSporeScheme { AccuracyThreshold: double threshold } when double.IsFinite(threshold) => scheme,
        _ => null,
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
