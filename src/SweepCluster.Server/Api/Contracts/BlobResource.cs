namespace SweepCluster.Server.Api.Contracts;

/// <summary>A part of a file that the server has.</summary>
/// <param name="Sha256">Its SHA-256, which is its name.</param>
/// <param name="SizeBytes">Bytes that were taken in.</param>
internal sealed record BlobResource(string Sha256, long SizeBytes);
