namespace SweepCluster.Server.Api.Contracts;

/// <summary>A measured value with its 95 % interval.</summary>
/// <param name="Value">In the metric's own unit; shares are 0..1.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Samples">Samples it rests on; 0 where no interval is known.</param>
internal sealed record EstimateResource(double Value, double Low, double High, long Samples);
