using System.Diagnostics.Metrics;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Compression.Telemetry;

/// <summary>Counts cells and times their making. Costs nothing as long as nobody listens.</summary>
public static class CellMetrics
{
    /// <summary>Name of this room's meter.</summary>
    public const string MeterName = "SweepCluster.Compression";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_cells = s_meter.CreateCounter<long>("sweepcluster.cells", "{cell}", "Cells.");
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "sweepcluster.cell.duration", "s", "Time to make a cell.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] });

    /// <summary>Counts a cell.</summary>
    /// <param name="scheme">Its scheme.</param>
    /// <param name="outcome">What became of it.</param>
    public static void Count(Scheme scheme, CellOutcome outcome)
    {
        if (s_cells.Enabled)
        {
            s_cells.Add(1, new KeyValuePair<string, object?>("family", SchemeFamily.Of(scheme)), new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
        }
    }

    /// <summary>Counts a cell that was made, with the time that it took.</summary>
    /// <param name="scheme">Its scheme.</param>
    /// <param name="elapsed">The time.</param>
    public static void Made(Scheme scheme, TimeSpan elapsed)
    {
        Count(scheme, CellOutcome.Made);
        if (s_duration.Enabled)
        {
            s_duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("family", SchemeFamily.Of(scheme)));
        }
    }

    /// <summary>Shows every count at 0 to who listens from now on.</summary>
    public static void Prime()
    {
        foreach (string family in SchemeFamily.All)
        {
            foreach (CellOutcome outcome in Enum.GetValues<CellOutcome>())
            {
                s_cells.Add(0, new KeyValuePair<string, object?>("family", family), new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
            }
        }
    }

    private static string NameOf(CellOutcome outcome) => outcome switch
    {
        CellOutcome.Made => "made",
        CellOutcome.TakenOver => "taken_over",
        _ => "failed",
    };
}
