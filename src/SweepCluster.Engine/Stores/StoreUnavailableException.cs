using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores;

/// <summary>The store cannot take or give anything now (disk full, connection lost). What it acknowledged before is safe.</summary>
public sealed class StoreUnavailableException : SweepException
{
    internal StoreUnavailableException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
