namespace SweepCluster.Server.Api.Contracts;

/// <summary>A sweep was removed.</summary>
/// <param name="FreedBytes">Bytes of files and cells that nothing else refers to and that were removed at once; those of the last hour go later.</param>
internal sealed record RemovalResource(long FreedBytes);
