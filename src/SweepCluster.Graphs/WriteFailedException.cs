namespace SweepCluster.Graphs;

/// <summary>Writing began and failed through no fault of the input: the disk is full or broken, or what was read back differs. Ends a command with exit code 1.</summary>
/// <param name="message">Where, and what went wrong.</param>
/// <param name="inner">What the system said, if anything.</param>
public sealed class WriteFailedException(string message, Exception? inner = null) : SweepException(message, inner);
