using System.Collections.Concurrent;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Errors that were noted: what goes wrong again and again, every second, is told once. Thread-safe.</summary>
internal sealed class NotedKinds
{
    private readonly ConcurrentDictionary<Type, bool> _kinds = [];

    /// <summary>Whether an error is the first of its kind.</summary>
    internal bool IsFirst(Exception error) => _kinds.TryAdd(error.GetType(), true);
}
