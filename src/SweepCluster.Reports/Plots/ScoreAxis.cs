using SweepCluster.Reports.Formatting;

namespace SweepCluster.Reports.Plots;

/// <summary>The vertical axis: the metric, the better end on top.</summary>
internal sealed class ScoreAxis
{
    private readonly bool _higher;

    /// <summary>An axis between two values of the metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="higher">Whether more of it is better.</param>
    /// <param name="worst">Value at the bottom.</param>
    /// <param name="best">Value at the top.</param>
    internal ScoreAxis(MetricUnit metric, bool higher, double worst, double best)
    {
        _higher = higher;
        Worst = worst;
        Best = best;
        double[] values = NiceSteps.Linear(Math.Min(worst, best), Math.Max(worst, best), 8);
        int decimals = values.Length < 2 ? 1 : Math.Clamp((int)Math.Ceiling(-Math.Log10((values[1] - values[0]) * 100) - 1e-9), 0, 6);
        Ticks =
        [
            .. values.Select(value => new Tick(
                value,
                metric.IsShare ? Math.Round(value * 100, decimals + 1).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) + "\u00A0%" : Quantities.Number(value),
                Minor: false)),
        ];
    }

    internal double Worst { get; }

    internal double Best { get; }

    internal Tick[] Ticks { get; }

    /// <summary>Whether the value lies below the bottom edge.</summary>
    internal bool IsBelow(double value) => _higher ? value < Worst : value > Worst;

    /// <summary>Place from the top, 0..1, where values beyond an edge are put on it.</summary>
    internal double Place(double value) => Math.Clamp((Best - value) / (Best - Worst), 0, 1);
}
