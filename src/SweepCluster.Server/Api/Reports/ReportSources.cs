using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Reports;

/// <summary>What the files of reports are made from.</summary>
/// <param name="Feeds">Summaries.</param>
/// <param name="Finder">Sweeps by id.</param>
/// <param name="Folder">Where files are written.</param>
/// <param name="Shelf">Files of finished sweeps.</param>
internal sealed record ReportSources(ISweepFeeds Feeds, SweepFinder Finder, ServerFolder Folder, ReportShelf Shelf);
