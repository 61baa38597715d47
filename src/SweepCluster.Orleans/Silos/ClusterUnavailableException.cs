using SweepCluster.Graphs;

namespace SweepCluster.Orleans.Silos;

/// <summary>The cluster cannot be joined or reached now.</summary>
/// <param name="message">Which, and what is in the way.</param>
/// <param name="inner">What Orleans said.</param>
public sealed class ClusterUnavailableException(string message, Exception? inner = null) : SweepException(message, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
