namespace SweepCluster.Server.Clients;

/// <summary>How far files are on their way to a server.</summary>
/// <param name="DoneBytes">Bytes that are there.</param>
/// <param name="TotalBytes">Bytes in all.</param>
/// <param name="FoundBytes">Of those that are there, bytes that were there before.</param>
public sealed record UploadProgress(long DoneBytes, long TotalBytes, long FoundBytes);
