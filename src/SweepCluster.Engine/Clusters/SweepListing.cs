using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>A sweep of a store and how far it is.</summary>
/// <param name="Record">The sweep.</param>
/// <param name="Status">Its counts, and what is asked of it.</param>
public sealed record SweepListing(SweepRecord Record, SweepStatus Status)
{
    private const string FinishedPhase = "finished";

    /// <summary>Every phase that a sweep can be in, in a word.</summary>
    public static ImmutableArray<string> Phases { get; } = [.. Enum.GetValues<SweepPhase>().Select(NameOf), FinishedPhase];

    /// <summary>Why nobody takes its jobs, though it runs; null where somebody does or can, and where nobody asked.</summary>
    public string? Waits { get; init; }

    /// <summary>The sweep's id.</summary>
    public string Id => Record.Id;

    /// <summary>Whether silos take its jobs: it is neither finished, nor was it paused, cancelled or stopped.</summary>
    public bool IsRunning => !Status.IsFinished && Status.Control.Phase == SweepPhase.Running;

    /// <summary>What it is at, in a word, one of <see cref="Phases"/>.</summary>
    public string Phase => Status.IsFinished ? FinishedPhase : NameOf(Status.Control.Phase);

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
