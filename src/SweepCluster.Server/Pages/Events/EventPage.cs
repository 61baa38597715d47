using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Events;

/// <summary>Events, the newest first.</summary>
/// <param name="Entries">The events.</param>
internal sealed record EventPage(ImmutableArray<StoreEvent> Entries)
{
    /// <summary>None.</summary>
    internal static EventPage Empty { get; } = new([]);

    /// <summary>These and newer ones, at most so many.</summary>
    internal EventPage With(ImmutableArray<StoreEvent> newer, int most) => new([.. newer.Reverse().Concat(Entries).Take(most)]);
}
