using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores;

/// <summary>Somebody else wrote first: another coordinator's jobs stand where these were to go, a key is taken, an id belongs to another sweep, or the sweep was removed. Nothing was written.</summary>
public sealed class StoreConflictException : SweepException
{
    internal StoreConflictException(string message)
        : base(message)
    {
    }
}
