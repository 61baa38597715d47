using SweepCluster.Reports.Formatting;

namespace SweepCluster.Reports.Plots;

/// <summary>The horizontal axis: bytes, logarithmic where the sizes differ by more than four times.</summary>
internal sealed class SizeAxis
{
    private const double LogarithmicAbove = 4;
    private const double Margin = 0.04; // share of the range left free on both sides

    private readonly double _low;
    private readonly double _high;

    internal SizeAxis(IReadOnlyCollection<long> sizes)
    {
        double smallest = Math.Max(1, sizes.Min());
        double largest = Math.Max(smallest, sizes.Max());
        Logarithmic = largest / smallest > LogarithmicAbove;
        double low = Scale(smallest);
        double high = Scale(largest);
        double margin = high > low ? (high - low) * Margin : Logarithmic ? 0.1 : smallest * 0.1;
        _low = low - margin;
        _high = high + margin;

        double[] values = Logarithmic ? NiceSteps.Logarithmic(Math.Pow(10, _low), Math.Pow(10, _high)) : NiceSteps.Linear(_low, _high, 8);
        Ticks = [.. values.Select((value, index) => new Tick(value, Quantities.TickBytes(value), Minor: values.Length > 4 && index % 2 == 1))];
    }

    internal bool Logarithmic { get; }

    internal Tick[] Ticks { get; }

    /// <summary>Place from the left, 0..1.</summary>
    internal double Place(double bytes) => (Scale(bytes) - _low) / (_high - _low);

    private double Scale(double bytes) => Logarithmic ? Math.Log10(Math.Max(1, bytes)) : bytes;
}
