namespace SweepCluster.Reports.Plots;

/// <summary>Decides how much of the metric's range the plot shows, so that plans near chance do not squash the region where choices are made.</summary>
internal static class ScoreFocus
{
    private const double GoalsShown = 4; // the accepted drop takes at least a quarter of the height
    private const double ShareShown = 0.1; // never less than a tenth of the whole range
    private const double FrontierShown = 0.25; // at least this share of the frontier stays in sight
    private const double WorthIt = 1.0 / 3; // what is shown must be less than this share of the whole range, else the whole range reads well enough

    /// <summary>The largest drop below the baseline that the focused plot shows; null where the whole range reads well.</summary>
    /// <param name="drops">Drops of all measured plans against the baseline, in the metric's unit, positive is worse.</param>
    /// <param name="frontierDrops">Those of the plans on the frontier.</param>
    /// <param name="maxDrop">The accepted drop; null: none stated.</param>
    internal static double? LargestDrop(IReadOnlyCollection<double> drops, IReadOnlyCollection<double> frontierDrops, double? maxDrop)
    {
        double worst = drops.DefaultIfEmpty(0).Max();
        double[] frontier = [.. frontierDrops.Order()];
        double shown = Math.Max(GoalsShown * (maxDrop ?? 0), ShareShown * worst);
        if (frontier.Length > 0)
        {
            shown = Math.Max(shown, frontier[(int)Math.Ceiling(FrontierShown * frontier.Length) - 1]);
        }

        return shown < WorthIt * worst ? shown : null;
    }
}
