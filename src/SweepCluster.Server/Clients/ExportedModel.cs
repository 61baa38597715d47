namespace SweepCluster.Server.Clients;

/// <summary>A model that a server wrote and verified, and that is here now.</summary>
/// <param name="Trial">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="SizeBytes">Bytes of the model.</param>
/// <param name="CompressionRatio">The uncompressed model's bytes divided by <paramref name="SizeBytes"/>.</param>
/// <param name="Explanation">Why this one, on one line; null where a trial was named.</param>
public sealed record ExportedModel(string Trial, string Label, long SizeBytes, double CompressionRatio, string? Explanation);
