using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Where sweeps were looked for, none has the id or name that was given.</summary>
/// <param name="message">Where, what was found, what was expected; one line.</param>
public sealed class NoSuchSweepException(string message) : BadInputException(message);
