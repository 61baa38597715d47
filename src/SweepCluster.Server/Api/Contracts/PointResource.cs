namespace SweepCluster.Server.Api.Contracts;

/// <summary>A point of the frontier so far.</summary>
/// <param name="Trial">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="SizeBytes">Bytes of the exported file.</param>
/// <param name="CompressionRatio">The uncompressed model's bytes divided by <paramref name="SizeBytes"/>.</param>
/// <param name="Drop">Loss of the objective's metric on the choice samples; positive is worse.</param>
internal sealed record PointResource(string Trial, string Label, long SizeBytes, double CompressionRatio, EstimateResource Drop);
