namespace SweepCluster.Server.Api.Contracts;

/// <summary>A model that was written, read back, and found to hold the weights that were measured.</summary>
/// <param name="Trial">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="SizeBytes">Bytes of the model.</param>
/// <param name="CompressionRatio">The uncompressed model's bytes divided by <paramref name="SizeBytes"/>.</param>
/// <param name="Explanation">Why this one, on one line; null where a trial was named.</param>
/// <param name="Name">Name of the model, as <c>ResNet20-mixed-04.mlpackage</c>.</param>
/// <param name="Href">Where it can be fetched as a zip archive; the answer's <c>ETag</c> is its SHA-256.</param>
/// <param name="Sha256">SHA-256 of the archive.</param>
internal sealed record ExportResource(string Trial, string Label, long SizeBytes, double CompressionRatio, string? Explanation, string Name, string Href, string Sha256);
