namespace SweepCluster.Fuzz.Cases;

/// <summary>A case that did what no case may do.</summary>
internal sealed class FuzzFault(string message, Exception? inner = null) : Exception(message, inner);
