using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>A silo that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="Slots">Jobs at the same time.</param>
/// <param name="MemoryBytes">Memory that its sweeps may take together.</param>
/// <param name="AllowsCommands">Whether sweeps may run commands of their own there.</param>
/// <param name="Joined">When it was seen first.</param>
/// <param name="SilenceSeconds">Time since it was seen last.</param>
/// <param name="Jobs">Jobs that it holds now.</param>
internal sealed record SiloResource(
    string Name, string Version, int Slots, long MemoryBytes, bool AllowsCommands, DateTimeOffset Joined, double SilenceSeconds, ImmutableArray<HeldJobResource> Jobs);
