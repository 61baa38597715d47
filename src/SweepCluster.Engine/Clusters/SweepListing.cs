using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>A sweep of a store and how far it is.</summary>
/// <param name="Record">The sweep.</param>
/// <param name="Status">Its counts, and what is asked of it.</param>
public sealed record SweepListing(SweepRecord Record, SweepStatus Status)
{
    /// <summary>The sweep's id.</summary>
    public string Id => Record.Id;

    /// <summary>What it is at, in a word: <c>running</c>, <c>paused</c>, <c>cancelled</c>, <c>stopped</c> or <c>finished</c>.</summary>
    public string Phase => Status.IsFinished ? "finished" : NameOf(Status.Control.Phase);

    /// <summary>A phase in a word.</summary>
    public static string NameOf(SweepPhase phase) => phase switch
    {
        SweepPhase.Paused => "paused",
        SweepPhase.Cancelled => "cancelled",
        SweepPhase.Stopped => "stopped",
        _ => "running",
    };

    /// <summary>The sweep as messages call it.</summary>
    public override string ToString() => $"sweep {Id} '{Record.Name}'";
}
