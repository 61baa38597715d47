using SweepCluster.Graphs;

namespace SweepCluster.Server.Pages;

/// <summary>An address names a sweep that is not there.</summary>
internal sealed class SweepNotFoundException(string sweepId) : BadInputException($"There is no sweep {sweepId}: it was removed, or never was.");
