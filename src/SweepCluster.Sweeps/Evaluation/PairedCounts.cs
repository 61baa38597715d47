using System.Text.Json.Serialization;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>On how many samples baseline and variant were right.</summary>
/// <param name="Both">Both right.</param>
/// <param name="BaselineOnly">The baseline right, the variant wrong.</param>
/// <param name="VariantOnly">The variant right, the baseline wrong.</param>
/// <param name="Neither">Both wrong.</param>
public readonly record struct PairedCounts(long Both, long BaselineOnly, long VariantOnly, long Neither)
{
    /// <summary>Samples that the variant got right.</summary>
    [JsonIgnore]
    public long Variant => Both + VariantOnly;

    /// <summary>Samples that the baseline got right.</summary>
    [JsonIgnore]
    public long Baseline => Both + BaselineOnly;

    /// <summary>All samples counted.</summary>
    [JsonIgnore]
    public long Total => Both + BaselineOnly + VariantOnly + Neither;

    /// <summary>One sample more.</summary>
    public PairedCounts Add(bool baseline, bool variant) => (baseline, variant) switch
    {
        (true, true) => this with { Both = Both + 1 },
        (true, false) => this with { BaselineOnly = BaselineOnly + 1 },
        (false, true) => this with { VariantOnly = VariantOnly + 1 },
        _ => this with { Neither = Neither + 1 },
    };

    /// <summary>The samples of both.</summary>
    public PairedCounts Add(PairedCounts other) =>
        new(Both + other.Both, BaselineOnly + other.BaselineOnly, VariantOnly + other.VariantOnly, Neither + other.Neither);
}
