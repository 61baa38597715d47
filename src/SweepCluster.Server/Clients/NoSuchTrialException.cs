using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>A finished sweep of a server has no trial of the id or label that was given.</summary>
/// <param name="message">Where, what was found, what was expected; one line.</param>
public sealed class NoSuchTrialException(string message) : BadInputException(message);
