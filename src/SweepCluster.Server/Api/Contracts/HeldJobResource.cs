namespace SweepCluster.Server.Api.Contracts;

/// <summary>A job that a silo holds.</summary>
/// <param name="Sweep">The sweep's id.</param>
/// <param name="Kind"><c>coordinate</c>, <c>layer</c>, <c>probe</c> or <c>trial</c>.</param>
/// <param name="About">The layer, or the plan's label; null for coordination.</param>
/// <param name="Seconds">Time since it was claimed.</param>
internal sealed record HeldJobResource(string Sweep, string Kind, string? About, double Seconds);
