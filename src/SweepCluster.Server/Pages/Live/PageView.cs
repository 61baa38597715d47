using System.Collections.Immutable;

namespace SweepCluster.Server.Pages.Live;

/// <summary>How a page reads at one moment.</summary>
/// <param name="Version">Number of this view; a later one has another.</param>
/// <param name="Title">Title of the page, with the progress.</param>
/// <param name="Said">What a screen reader is told when it changes: in steps that are worth a sentence.</param>
/// <param name="Parts">The parts, in the order of the page.</param>
public sealed record PageView(long Version, string Title, string Said, ImmutableArray<PagePart> Parts)
{
    /// <summary>Whether nothing more is to come.</summary>
    public bool IsOver { get; init; }

    /// <summary>Least time before the next view is worth making.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
