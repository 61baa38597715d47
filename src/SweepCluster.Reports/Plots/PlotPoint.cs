using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Plots;

/// <summary>A trial's place on the canvas, in shares of width and height from the top left.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="X">Place of its size.</param>
/// <param name="Y">Place of its metric; 1 where it is clipped.</param>
/// <param name="WhiskerTop">Place of the interval's better end; null where no whisker is drawn.</param>
/// <param name="WhiskerBottom">Place of the interval's worse end.</param>
/// <param name="Clipped">Whether its metric lies below the bottom edge.</param>
internal sealed record PlotPoint(TrialSummary Trial, double X, double Y, double? WhiskerTop, double? WhiskerBottom, bool Clipped);
