namespace SweepCluster.Server.Api.Contracts;

/// <summary>What one scheme does to one layer, and to the model when only that layer is compressed.</summary>
/// <param name="Layer">Name of the weight.</param>
/// <param name="Scheme">Canonical scheme.</param>
/// <param name="PayloadBytes">Bytes of the compressed tensors; null where refused or failed.</param>
/// <param name="SqnrDecibels">10 log10 of weight power over error power; null where refused, failed, or the error is 0.</param>
/// <param name="Kl">Mean KL divergence of the outputs from the uncompressed model's, in nats; null where not probed.</param>
/// <param name="Drop">Loss of the objective's metric; null where not probed.</param>
/// <param name="Agreement">Share of samples whose top-1 stays; null where not probed.</param>
/// <param name="Reason">Why there is nothing; null where there is.</param>
internal sealed record SensitivityResource(
    string Layer, string Scheme, long? PayloadBytes, double? SqnrDecibels, EstimateResource? Kl, EstimateResource? Drop, EstimateResource? Agreement, string? Reason);
