using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports.Formatting;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>A sweep in the list.</summary>
/// <param name="Listing">The sweep and its counts.</param>
/// <param name="Progress">How far it is; null before it is known.</param>
/// <param name="Metric">The objective's metric.</param>
public sealed record SweepRow(SweepListing Listing, SweepProgress? Progress, MetricUnit Metric)
{
    /// <summary>Share of the work that is done, 0..1.</summary>
    public double Share => Listing.Status.IsFinished ? 1 : Progress?.Share ?? (Listing.Status.Jobs == 0 ? 0 : Listing.Status.Results / (double)Listing.Status.Jobs / 2); // rounds are still to come
}
