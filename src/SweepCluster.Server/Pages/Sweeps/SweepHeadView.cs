using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports.Formatting;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>What the head of a sweep's page shows.</summary>
/// <param name="Listing">The sweep and its counts.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Trials">Trials that are measured.</param>
/// <param name="OnFrontier">Plans on the frontier.</param>
/// <param name="Metric">The objective's metric.</param>
public sealed record SweepHeadView(SweepListing Listing, SweepProgress Progress, int Trials, int OnFrontier, MetricUnit Metric);
