using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages.Events;
using SweepCluster.Server.Pages.Live;
using SweepCluster.Server.Pages.Silos;
using SweepCluster.Server.Pages.Sweeps;

namespace SweepCluster.Server.Pages;

/// <summary>What the pages are made from.</summary>
/// <param name="Feeds">States and summaries of sweeps.</param>
/// <param name="Index">The list of sweeps.</param>
/// <param name="Silos">The silos.</param>
/// <param name="Events">What happened.</param>
/// <param name="Shelf">Parts that were rendered.</param>
internal sealed record PageSources(ISweepFeeds Feeds, SweepIndex Index, SiloLook Silos, EventTail Events, RenderShelf Shelf);
