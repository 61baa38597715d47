using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports.Formatting;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>What the head of a sweep's page shows.</summary>
/// <param name="Listing">The sweep and its counts.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Trials">Plans that are measured.</param>
/// <param name="OnFrontier">Those on the frontier.</param>
/// <param name="Best">The best so far.</param>
/// <param name="Metric">The objective's metric.</param>
/// <remarks>Trials, frontier and best are of the summary that the rest of the page shows, where there is one: it may be a second older than the progress.</remarks>
public sealed record SweepHeadView(SweepListing Listing, SweepProgress Progress, int Trials, int OnFrontier, BestPoint? Best, MetricUnit Metric);
