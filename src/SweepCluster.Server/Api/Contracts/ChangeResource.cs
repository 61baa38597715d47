namespace SweepCluster.Server.Api.Contracts;

/// <summary>The list of sweeps or of silos reads otherwise: the body of the event <c>change</c>.</summary>
/// <param name="Version">Number of the change; a later one has a greater.</param>
internal sealed record ChangeResource(long Version);
