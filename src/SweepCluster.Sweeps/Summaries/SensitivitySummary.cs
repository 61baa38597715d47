using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>What one scheme does to one layer, and to the model when only that layer is compressed.</summary>
/// <param name="Layer">Name of the weight.</param>
/// <param name="Scheme">Canonical scheme.</param>
/// <param name="PayloadBytes">Bytes of the compressed tensors; null where refused or failed.</param>
/// <param name="SqnrDecibels">10 log10 of weight power over error power; null where refused, failed, or the error is 0.</param>
/// <param name="Kl">Mean KL divergence of the outputs from the uncompressed model's, in nats; null where not probed.</param>
/// <param name="Drop">Paired drop of the objective's metric; null where not probed.</param>
/// <param name="Agreement">Share of samples whose top-1 stays; null where not probed.</param>
/// <param name="Reason">Why there is nothing; null where there is.</param>
public sealed record SensitivitySummary(
    string Layer, string Scheme, long? PayloadBytes, double? SqnrDecibels, Estimate? Kl, Estimate? Drop, Estimate? Agreement, string? Reason)
{
    /// <summary>Output channels of which pruning left nothing; 0 where there are none.</summary>
    public int EmptyChannels { get; init; }

    /// <summary>Elements of the layer's weight that cutting those channels out would remove, beside input channels of the layers behind.</summary>
    public long EmptyElements { get; init; }
}
